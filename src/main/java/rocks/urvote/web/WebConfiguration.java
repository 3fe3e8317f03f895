package rocks.urvote.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import io.micrometer.observation.ObservationPredicate;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.format.FormatterRegistry;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import rocks.urvote.kernel.Id;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebSettings.class)
class WebConfiguration implements WebMvcConfigurer {

    private static final int READ_BUFFER = 8 * 1024;
    private static final int WRITE_BUFFER = 32 * 1024;
    private static final long MOST_CONNECTIONS = 10_000;

    @Bean
    TemplateEngine templates() {
        return TemplateEngine.createPrecompiled(
                null, ContentType.Html, getClass().getClassLoader(), "rocks.urvote");
    }

    /// Property names as the columns', and nothing guessed: what is not exactly the kind expected is refused.
    @Bean
    JsonMapperBuilderCustomizer strictJson() {
        return json -> {
            json.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .changeDefaultPropertyInclusion(all -> all.withValueInclusion(JsonInclude.Include.ALWAYS));
            for (var shape :
                    List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
                json.withCoercionConfig(LogicalType.Textual, text -> text.setCoercion(shape, CoercionAction.Fail));
            }
        };
    }

    /// Whoever has a shortcut is counted where it leads to.
    @Bean
    ObservationPredicate shortcutsAreNotObserved(ObjectProvider<Shortcut> shortcuts) {
        var all = SingletonSupplier.of(() -> shortcuts.stream().toList());
        return (name, context) -> {
            var request = context instanceof ServerRequestObservationContext observed ? observed.getCarrier() : null;
            return request == null || all.obtain().stream().noneMatch(shortcut -> shortcut.mayBeFor(request));
        };
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> formsInUtf8() {
        return server -> server.addContextCustomizers(context -> context.setRequestCharacterEncoding("UTF-8"));
    }

    /// A leaderboard leaves in one piece: with the usual 8 KB it would take three, each a system call and a packet.
    /// What connections hold for that, read and written, is at most a quarter of the memory there is.
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> answersInOnePiece() {
        return server -> server.addConnectorCustomizers(connector -> {
            var room = Runtime.getRuntime().maxMemory() / 4 / (READ_BUFFER + WRITE_BUFFER);
            connector.setProperty("socket.appWriteBufSize", String.valueOf(WRITE_BUFFER));
            connector.setProperty("maxConnections", String.valueOf(Math.min(MOST_CONNECTIONS, room)));
        });
    }

    /// A socket that was handed down stays open when this program ends, and with it the place of those who wait.
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> ourEntrance(
            Turnstile turnstile, WebSettings settings, TrustedProxies proxies, JsonMapper json) {
        return server -> {
            server.setProtocol(Entrance.Protocol.class.getName());
            server.addConnectorCustomizers(connector -> {
                if (connector.getProtocolHandler() instanceof Entrance.Protocol protocol) {
                    protocol.leadsTo(turnstile, settings, proxies, json);
                    protocol.setConnectionTimeout(
                            Math.toIntExact(settings.requestPatience().toMillis()));
                }
                connector.setProperty("useInheritedChannel", Boolean.toString(settings.socketInherited()));
            });
        };
    }

    @Bean
    FilterRegistrationBean<WholeAnswers> etags() {
        var etags = new FilterRegistrationBean<>(new WholeAnswers());
        etags.addUrlPatterns(
                "/api/v1/openapi.json",
                "/api/v1/clients/*",
                "/api/v1/clients",
                "/api/v1/contests",
                "/api/v1/contests/*",
                "/api/v1/songs/*");
        return etags;
    }

    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addConverterFactory(new IdsInPaths());
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallerArgument());
        resolvers.add(new WindowArgument());
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new JsonForWriters()).addPathPatterns("/api/**");
    }

    /// Who could not take the answer to a write is told so before anything is written.
    private static final class JsonForWriters implements HandlerInterceptor {

        @Override
        public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
                throws HttpMediaTypeNotAcceptableException {
            var reads = List.of("GET", "HEAD", "OPTIONS").contains(request.getMethod());
            var accept = Collections.list(request.getHeaders(HttpHeaders.ACCEPT));
            if (!reads && !accept.isEmpty() && !takesJson(accept)) {
                throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.APPLICATION_JSON));
            }
            return true;
        }

        private static boolean takesJson(List<String> accept) {
            try {
                return MediaType.parseMediaTypes(accept).stream()
                        .anyMatch(type ->
                                type.getQualityValue() > 0 && type.isCompatibleWith(MediaType.APPLICATION_JSON));
            } catch (InvalidMediaTypeException e) {
                return false;
            }
        }
    }

    /// Tags what is answered in one piece; what flows (sound, streams) must not be gathered in memory first, and
    /// leaderboards tag themselves.
    static final class WholeAnswers extends ShallowEtagHeaderFilter {

        @Override
        protected boolean shouldNotFilter(HttpServletRequest request) {
            var path = request.getRequestURI();
            return path.endsWith("/audio") || path.endsWith("/stream") || path.endsWith("/leaderboard");
        }
    }

    private static final class IdsInPaths implements ConverterFactory<String, Id> {

        @Override
        public <T extends Id> Converter<String, T> getConverter(Class<T> kind) {
            return text -> {
                if (!text.matches("[1-9][0-9]{0,17}")) {
                    throw new IllegalArgumentException("Not an id");
                }
                try {
                    return kind.getConstructor(long.class).newInstance(Long.parseLong(text));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(kind + " needs a public constructor taking a long", e);
                }
            };
        }
    }

    private static final class CallerArgument implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.nestedIfOptional().getNestedParameterType() == Caller.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            var caller = Shells.caller();
            if (parameter.getParameterType() == Optional.class) {
                return caller;
            }
            return caller.orElseThrow(() -> Problem.signInRequired().raised());
        }
    }

    private static final class WindowArgument implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Window.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            return Window.of(request.getParameter("limit"), request.getParameter("cursor"));
        }
    }
}
