package rocks.urvote.web;

import static java.util.stream.Collectors.joining;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.lang.annotation.Annotation;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationComponentsCustomizer;
import org.springdoc.core.utils.SpringDocAnnotationsUtils;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import rocks.urvote.kernel.Id;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/openapi.json`: read off the handlers, so that it is true by itself.
///
/// A call's name is its handler's, its tag what the handler's class begins with, and who must sign in and what may be
/// refused follow from the parameters. What they do not tell, [Refuses] does.
@Configuration(proxyBeanMethods = false)
class ApiDescription {

    private static final String PROBLEM_JSON = "application/problem+json";
    private static final String FORM = "multipart/form-data";

    static {
        SpringDocUtils.getConfig()
                .addRequestWrapperToIgnore(Caller.class, Window.class)
                .replaceWithSchema(JsonNode.class, object())
                .replaceWithSchema(ObjectNode.class, object());
    }

    @Bean
    OpenAPI api(WebSettings settings) {
        var version = Optional.ofNullable(ApiDescription.class.getPackage().getImplementationVersion());
        return new OpenAPI()
                .info(new Info()
                        .title("UrVote")
                        .version(version.orElse("development"))
                        .description("The self-hosted platform for AI-music contests whose results people can trust.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .servers(List.of(new Server().url(settings.link(""))))
                .components(new Components()
                        .addSecuritySchemes(
                                "bearer",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT")
                                        .description("The access_token of a sign-in."))
                        .addSecuritySchemes(
                                "cookie",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.APIKEY)
                                        .in(SecurityScheme.In.COOKIE)
                                        .name(settings.secure() ? "__Host-access" : "access")
                                        .description(
                                                "The same token as browsers keep it. A write must come from our own"
                                                        + " pages: with a same-origin Sec-Fetch-Site or Origin, or with"
                                                        + " the page's X-CSRF-Token."))
                        .addSchemas("Problem", problem())
                        .addParameters(
                                "limit",
                                query("limit", "How many items at most.").schema(mostItems()))
                        .addParameters(
                                "cursor",
                                query("cursor", "The next_cursor of an earlier answer.")
                                        .schema(string()))
                        .addResponses("Problem", refusal("Anything else that goes wrong (RFC 9457).", Set.of())));
    }

    /// Registered before the library's own, and so asked after them: they know what to skip and to replace.
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    RecordSchemas recordSchemas() {
        return new RecordSchemas();
    }

    @Bean
    GlobalOperationComponentsCustomizer calls() {
        return new Calls();
    }

    @Bean
    GlobalOpenApiCustomizer bodies() {
        return api -> {
            api.getPaths().values().forEach(path -> {
                completeForm(path.getPost());
                completeForm(path.getPatch());
                Optional.ofNullable(path.readOperationsMap().get(PathItem.HttpMethod.PATCH))
                        .ifPresent(patch -> needNothing(patch.getRequestBody(), api.getComponents()));
            });
            forgetWhatNobodyNames(api);
        };
    }

    private static final class Calls implements GlobalOperationComponentsCustomizer {

        @Override
        public Operation customize(Operation operation, HandlerMethod handler) {
            return customize(operation, new Components(), handler);
        }

        @Override
        public Operation customize(Operation operation, Components components, HandlerMethod handler) {
            name(operation, handler);
            parameters(operation, handler);
            body(operation, components, handler);
            success(operation.getResponses(), handler);
            refusals(handler).forEach(refusal -> refuse(operation.getResponses(), refusal));
            operation
                    .getResponses()
                    .addApiResponse("default", new ApiResponse().$ref("#/components/responses/Problem"));
            return operation;
        }
    }

    private static void name(Operation operation, HandlerMethod handler) {
        var method = handler.getMethod().getName();
        var name = handler.hasMethodAnnotation(GetMapping.class)
                ? "get" + method.substring(0, 1).toUpperCase(Locale.ROOT) + method.substring(1)
                : method;
        var words = name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        operation.setOperationId(name);
        operation.setSummary(words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1));
        operation.setTags(List.of(handler.getBeanType()
                .getSimpleName()
                .replaceFirst("(?<=[a-z])[A-Z].*", "s")
                .toLowerCase(Locale.ROOT)));
    }

    private static void parameters(Operation operation, HandlerMethod handler) {
        for (var parameter : handler.getMethodParameters()) {
            var kind = parameter.nestedIfOptional().getNestedParameterType();
            if (kind == Caller.class) {
                if (operation.getParameters() != null) {
                    operation
                            .getParameters()
                            .removeIf(shown -> Objects.equals(
                                    shown.getName(), parameter.getParameter().getName()));
                }
                var security = List.of(
                        new SecurityRequirement().addList("bearer"), new SecurityRequirement().addList("cookie"));
                operation.setSecurity(
                        parameter.isOptional()
                                ? Stream.concat(security.stream(), Stream.of(new SecurityRequirement()))
                                        .toList()
                                : security);
            } else if (kind == Window.class) {
                operation
                        .addParametersItem(new Parameter().$ref("#/components/parameters/limit"))
                        .addParametersItem(new Parameter().$ref("#/components/parameters/cursor"));
            }
        }
    }

    /// A body that is read by hand says of which kind it is; a form is completed when the JSON beside it is known.
    private static void body(Operation operation, Components components, HandlerMethod handler) {
        var mapping = handler.getMethodAnnotation(RequestMapping.class);
        if (mapping != null && List.of(mapping.consumes()).contains(FORM)) {
            if (operation.getRequestBody() == null) {
                operation.setRequestBody(new RequestBody().content(new Content()));
            }
            operation.getRequestBody().required(true).getContent().addMediaType(FORM, new MediaType());
        }
        for (var parameter : handler.getMethodParameters()) {
            var kind = parameter.getParameterAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
            if (isBody(parameter) && kind != null) {
                Schema<?> schema = SpringDocAnnotationsUtils.extractSchema(
                        components, kind.implementation(), null, new Annotation[0], SpecVersion.V31);
                operation.getRequestBody().getContent().forEach((type, content) -> {
                    if (!type.equals(FORM)) {
                        content.setSchema(schema);
                    }
                });
            }
        }
    }

    /// A `POST` that makes an answer of its own says where the new thing is; one without a body has nothing to say.
    private static void success(ApiResponses responses, HandlerMethod handler) {
        var answer = ResolvableType.forMethodReturnType(handler.getMethod());
        if (!ResponseEntity.class.equals(answer.resolve()) || !responses.containsKey("200")) {
            return;
        }
        if (answer.getGeneric(0).resolve() == Void.class) {
            responses.put("204", responses.remove("200").description("No Content"));
        } else if (handler.hasMethodAnnotation(PostMapping.class)) {
            var created = responses.remove("200").description("Created");
            created.addHeaderObject("Location", new Header().schema(string()).description("Where the new thing is."));
            responses.put("201", created);
        }
    }

    private static List<String> refusals(HandlerMethod handler) {
        var parameters = Arrays.asList(handler.getMethodParameters());
        var refusals = new TreeSet<String>();
        if (!handler.hasMethodAnnotation(GetMapping.class)) {
            refusals.add("403 csrf");
        }
        for (var parameter : parameters) {
            if (parameter.nestedIfOptional().getNestedParameterType() == Caller.class) {
                refusals.add("401 sign_in_required");
            }
            if (parameter.hasParameterAnnotation(PathVariable.class)
                    && (Id.class.isAssignableFrom(parameter.getParameterType())
                            || parameter.getParameter().getName().equals("slug"))) {
                refusals.add("404 not_found");
            }
            if (isBody(parameter)) {
                refusals.addAll(List.of("400 malformed", "413 too_large", "415 unsupported_media_type", "422 invalid"));
            }
            if (parameter.getParameterType() == Window.class || parameter.hasParameterAnnotation(RequestParam.class)) {
                refusals.add("422 invalid");
            }
        }
        Optional.ofNullable(handler.getMethodAnnotation(Refuses.class))
                .ifPresent(more -> refusals.addAll(List.of(more.value())));
        return List.copyOf(refusals);
    }

    private static boolean isBody(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(org.springframework.web.bind.annotation.RequestBody.class);
    }

    private static void refuse(ApiResponses responses, String refusal) {
        var status = refusal.substring(0, 3);
        var codes = new TreeSet<String>();
        codes.add(refusal.substring(4));
        Optional.ofNullable(responses.get(status))
                .map(ApiResponse::getExtensions)
                .map(known -> (Set<?>) known.get("x-codes"))
                .ifPresent(known -> known.forEach(code -> codes.add(code.toString())));
        var title = HttpStatus.valueOf(Integer.parseInt(status)).getReasonPhrase();
        var answer =
                refusal(codes.stream().map(code -> "`" + code + "`").collect(joining(", ", title + ": ", "")), codes);
        answer.addExtension("x-codes", codes);
        if (status.equals("429") || status.equals("503")) {
            answer.addHeaderObject(
                    "Retry-After", new Header().schema(integer()).description("Seconds after which it may work."));
        }
        responses.put(status, answer);
    }

    private static ApiResponse refusal(String description, Set<String> codes) {
        Schema<?> schema = new JsonSchema().$ref("#/components/schemas/Problem");
        if (!codes.isEmpty()) {
            schema = new JsonSchema().allOf(List.of(schema, object().addProperty("code", words(codes))));
        }
        return new ApiResponse()
                .description(description)
                .content(new Content().addMediaType(PROBLEM_JSON, new MediaType().schema(schema)));
    }

    private static JsonSchema problem() {
        var error = object();
        error.addProperty("field", string().description("The field's name as it was sent."));
        error.addProperty("message", string());
        error.setRequired(List.of("field", "message"));
        var errors = typed("array");
        errors.setItems(error);
        var problem = object();
        problem.addProperty("type", string().format("uri"));
        problem.addProperty("title", string());
        problem.addProperty("status", integer());
        problem.addProperty("detail", string().description("A sentence for a person; it may change."));
        problem.addProperty("code", string().description("A word for programs; it stays."));
        problem.addProperty("instance", string().format("uri-reference"));
        problem.addProperty("errors", errors);
        problem.setRequired(List.of("type", "title", "status", "detail", "code"));
        return problem;
    }

    private static JsonSchema mostItems() {
        var limit = integer();
        limit.setMinimum(BigDecimal.ONE);
        limit.setMaximum(BigDecimal.valueOf(200));
        limit.setDefault(50);
        return limit;
    }

    /// What is taken as a form has the fields of the JSON, and the file.
    private static void completeForm(@Nullable Operation operation) {
        if (operation == null || operation.getRequestBody() == null) {
            return;
        }
        var content = operation.getRequestBody().getContent();
        var form = content.get(FORM);
        var json = content.get("application/json");
        if (form != null && json != null) {
            var file = string().contentMediaType("application/octet-stream")
                    .description("The song: MP3, WAV, FLAC," + " M4A/AAC or Ogg, told by its content.");
            form.setSchema(new JsonSchema().allOf(List.of(json.getSchema(), object().addProperty("file", file))));
        }
    }

    /// Of a merge patch (RFC 7396) no field must be there.
    private static void needNothing(RequestBody body, Components components) {
        for (var content : body.getContent().values()) {
            Schema<?> schema = content.getSchema();
            if (schema.getAllOf() != null) {
                content.setSchema(new JsonSchema()
                        .allOf(Stream.concat(
                                        Stream.of(patch(schema.getAllOf().getFirst(), components)),
                                        Stream.of(schema.getAllOf().get(1)))
                                .toList()));
            } else {
                content.setSchema(patch(schema, components));
            }
        }
    }

    private static Schema<?> patch(Schema<?> whole, Components components) {
        var name = nameOf(whole.get$ref());
        Schema<?> model = components.getSchemas().get(name);
        if (model == null || model.getRequired() == null) {
            return whole;
        }
        components.addSchemas(name + "Patch", object().properties(model.getProperties()));
        return new JsonSchema().$ref("#/components/schemas/" + name + "Patch");
    }

    private static void forgetWhatNobodyNames(OpenAPI api) {
        boolean forgot;
        do {
            var text = io.swagger.v3.core.util.Json31.mapper().valueToTree(api).toString();
            forgot = api.getComponents()
                    .getSchemas()
                    .keySet()
                    .removeIf(name -> !text.contains("\"#/components/schemas/" + name + "\""));
        } while (forgot);
    }

    private static String nameOf(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    private static Parameter query(String name, String description) {
        return new Parameter().in("query").name(name).description(description);
    }

    private static JsonSchema words(Set<String> words) {
        var schema = string();
        words.forEach(schema::addEnumItemObject);
        return schema;
    }

    private static JsonSchema object() {
        return typed("object");
    }

    private static JsonSchema string() {
        return typed("string");
    }

    private static JsonSchema integer() {
        return typed("integer");
    }

    private static JsonSchema typed(String type) {
        var schema = new JsonSchema();
        schema.setTypes(Set.of(type));
        return schema;
    }
}
