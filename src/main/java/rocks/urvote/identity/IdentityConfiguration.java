package rocks.urvote.identity;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({IdentitySettings.class, TwoFactorSettings.class})
class IdentityConfiguration {

    @Bean
    Carrier carrier(IdentitySettings settings) {
        return settings.smtpUrl() == null || settings.smtpUrl().isBlank()
                ? new Outbox(settings.data("outbox"), settings.mailFrom())
                : new SmtpServer(settings.smtpUrl(), settings.mailFrom());
    }
}
