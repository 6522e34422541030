package io.modelyard.openapi;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.modelyard.model.Caller;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The API as OpenAPI, and the ways to the pages that show it. */
@OpenAPIDefinition(info = @Info(title = "Modelyard", version = "0.1.0"))
@Controller
@Secured("read")
@Hidden
@ExecuteOn(TaskExecutors.BLOCKING)
final class ApiDescriptionController {
    private static final String VARY = "X-API-Key, Authorization";

    private final LiveDescription live;
    private final ContractDescription contracts;

    ApiDescriptionController(LiveDescription live, ContractDescription contracts) {
        this.live = live;
        this.contracts = contracts;
    }

    /** @param caller null where these paths are public and no key came: then all types are shown */
    @Get(value = "/openapi.json", produces = MediaType.APPLICATION_JSON)
    HttpResponse<byte[]> everything(HttpRequest<?> request, @Nullable Caller caller) {
        return answer(request, live.of(caller == null ? Set.of() : caller.types()));
    }

    @Get(value = "/openapi/{type}.json", produces = MediaType.APPLICATION_JSON)
    CompletionStage<HttpResponse<byte[]>> type(HttpRequest<?> request, @PathVariable String type,
            @Nullable Caller caller) {
        return contracts.of(caller == null ? type : caller.demand(type))
                .thenApply(document -> answer(request, document));
    }

    /** The page's own files lie below it. */
    @Get("/docs")
    HttpResponse<Void> swagger() {
        return HttpResponse.temporaryRedirect(URI.create("/docs/index.html"));
    }

    @Get("/redoc")
    HttpResponse<Void> redoc() {
        return HttpResponse.temporaryRedirect(URI.create("/redoc/index.html"));
    }

    private static HttpResponse<byte[]> answer(HttpRequest<?> request, ApiDocument document) {
        List<String> known = request.getHeaders().getAll(HttpHeaders.IF_NONE_MATCH);
        boolean unchanged = known.stream().flatMap(value -> List.of(value.split(",")).stream()).map(String::strip)
                .anyMatch(etag -> etag.equals("*") || etag.replaceFirst("^W/", "").equals(document.etag()));
        MutableHttpResponse<byte[]> answer = unchanged
                ? HttpResponse.notModified()
                : HttpResponse.ok(document.json()).contentType(MediaType.APPLICATION_JSON_TYPE);
        return answer.header(HttpHeaders.ETAG, document.etag()).header(HttpHeaders.VARY, VARY)
                .header(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    }
}
