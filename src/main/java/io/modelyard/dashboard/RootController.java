package io.modelyard.dashboard;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.registry.Registry;

/** Greets whoever comes: a browser with the page, everybody else with the news that the server is there. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
final class RootController {
    private final Registry registry;
    private final Page page;

    RootController(Registry registry, Page page) {
        this.registry = registry;
        this.page = page;
    }

    /** @param types how many types of models are published */
    @Serdeable
    record Welcome(String status, String service, int types, String docs, String models, String health) {}

    /** Nothing that needs a key. */
    @Get(value = "/", produces = {MediaType.APPLICATION_JSON, MediaType.TEXT_HTML, "*/*"})
    @Secured(SecurityRule.IS_ANONYMOUS)
    HttpResponse<?> welcome(HttpRequest<?> request) {
        HttpResponse<?> answer = isBrowser(request)
                ? page(request)
                : HttpResponse.ok(new Welcome("ok", "modelyard", registry.current().types().size(), "/docs", "/models",
                        "/health")).contentType(MediaType.APPLICATION_JSON_TYPE);
        return answer.toMutableResponse().header(HttpHeaders.VARY, HttpHeaders.ACCEPT);
    }

    private HttpResponse<byte[]> page(HttpRequest<?> request) {
        return PageController.answer(page.index(), request).header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header("Content-Security-Policy", page.policy()).header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Opener-Policy", "same-origin");
    }

    /** Browsers name HTML, and before JSON; other callers name neither, or JSON. */
    private static boolean isBrowser(HttpRequest<?> request) {
        for (MediaType type : request.accept()) {
            if (type.getName().equals(MediaType.TEXT_HTML)) {
                return true;
            }
            if (type.getName().equals(MediaType.APPLICATION_JSON)) {
                return false;
            }
        }
        return false;
    }
}
