package rocks.urvote.operations.figures;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import rocks.urvote.operations.Premises;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FiguresSettings.class)
class FiguresConfiguration {

    @Bean
    Figures figures(Premises premises) {
        return Figures.of(premises);
    }

    /// Only who serves is asked for metrics.
    @Bean
    @ConditionalOnWebApplication
    FigureMetrics figureMetrics(Premises premises, FiguresSettings settings, MeterRegistry registry) {
        return new FigureMetrics(premises, settings, registry);
    }
}
