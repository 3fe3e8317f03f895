package rocks.urvote.web;

import java.time.Duration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/// Who may do what is decided where the thing is known, by the handler and the database; here everyone gets in, and
/// every answer leaves with the headers that keep a browser safe. What is not needed for that is left out of the chain,
/// which stands before every request: sessions, contexts kept between requests, anonymous users.
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final String CONTENT_POLICY = String.join(
            "; ",
            "default-src 'self'",
            "img-src 'self' data:",
            "media-src 'self' blob:",
            "frame-src https://www.youtube-nocookie.com https://w.soundcloud.com",
            "frame-ancestors 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "form-action 'self'");

    @Bean
    SecurityFilterChain security(HttpSecurity http, SignInFilter signIn, WebSettings settings) {
        return http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(AbstractHttpConfigurer::disable)
                .securityContext(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .servletApi(AbstractHttpConfigurer::disable)
                .exceptionHandling(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .addFilterBefore(signIn, AuthorizationFilter.class)
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_POLICY))
                        .frameOptions(frames -> frames.sameOrigin())
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                        .permissionsPolicyHeader(policy -> policy.policy("camera=(), microphone=(), geolocation=()"))
                        .httpStrictTransportSecurity(strict -> strict.requestMatcher(request -> settings.secure())
                                .maxAgeInSeconds(Duration.ofDays(365).toSeconds())))
                .build();
    }

    /// To observe each filter of the chain by itself would cost more than the chain.
    @Bean
    SecurityObservationSettings filtersAreNotObservedOneByOne() {
        return SecurityObservationSettings.noObservations();
    }

    /// Spring Boot would add every filter bean to the server's own chain as well: here it stands in the security chain.
    @Bean
    FilterRegistrationBean<SignInFilter> notTwice(SignInFilter signIn) {
        var registration = new FilterRegistrationBean<>(signIn);
        registration.setEnabled(false);
        return registration;
    }
}
