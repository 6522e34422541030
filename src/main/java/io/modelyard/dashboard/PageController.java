package io.modelyard.dashboard;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.modelyard.model.ServingFailure;
import io.swagger.v3.oas.annotations.Hidden;

/** The files of the page. They hold nothing that is secret; what the page shows it asks for with the key of whoever looks at it. */
@Controller("/dashboard")
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
@Hidden
final class PageController {
    private final Page page;

    PageController(Page page) {
        this.page = page;
    }

    @Get(value = "/{version}/{+path}", produces = "*/*")
    HttpResponse<byte[]> file(@PathVariable String version, @PathVariable String path, HttpRequest<?> request) {
        return page.file(version, path, request).orElseThrow(
                () -> ServingFailure.NotFound.other("the dashboard has no file '" + path + "' in version '" + version
                        + "'; where the server was updated, load the page again"));
    }
}
