package rocks.urvote.kernel;

import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class KernelConfiguration {

    @Bean
    JdbcClient jdbcClient(DataSource dataSource) {
        return Sql.on(dataSource);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
