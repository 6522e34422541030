package io.modelyard.dashboard;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.modelyard.model.ServingFailure;
import io.swagger.v3.oas.annotations.Hidden;

import java.util.Locale;
import java.util.regex.Pattern;

/** The files of the page. They hold nothing that is secret; what the page shows it asks for with the key of whoever looks at it. */
@Controller("/dashboard")
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
@Hidden
final class PageController {
    /** Its path names its content, so it never changes. */
    private static final String FOR_GOOD = "public, max-age=31536000, immutable";
    private static final Pattern GZIP = Pattern.compile("\\bgzip\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))");

    private final Page page;

    PageController(Page page) {
        this.page = page;
    }

    @Get(value = "/{version}/{+path}", produces = "*/*")
    HttpResponse<byte[]> file(@PathVariable String version, @PathVariable String path, HttpRequest<?> request) {
        return page.file(version, path)
                .map(file -> answer(file, request).header(HttpHeaders.CACHE_CONTROL, FOR_GOOD)).orElseThrow(
                        () -> ServingFailure.NotFound.other("the dashboard has no file '" + path + "' in version '"
                                + version + "'; where the server was updated, load the page again"));
    }

    /** A file for this caller, or 304 where he has it. */
    static MutableHttpResponse<byte[]> answer(PageFile file, HttpRequest<?> request) {
        String held = request.getHeaders().get(HttpHeaders.IF_NONE_MATCH);
        MutableHttpResponse<byte[]> answer = held != null && held.contains(file.tag())
                ? HttpResponse.notModified()
                : whole(file, request);
        return answer.header(HttpHeaders.ETAG, file.tag()).header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    }

    private static MutableHttpResponse<byte[]> whole(PageFile file, HttpRequest<?> request) {
        String accepted = request.getHeaders().get(HttpHeaders.ACCEPT_ENCODING);
        boolean takesPacked = accepted != null && GZIP.matcher(accepted.toLowerCase(Locale.ROOT)).find();
        return file.packed() != null && takesPacked
                ? HttpResponse.ok(file.packed()).header(HttpHeaders.CONTENT_TYPE, file.type())
                        .header(HttpHeaders.CONTENT_ENCODING, "gzip")
                : HttpResponse.ok(file.plain()).header(HttpHeaders.CONTENT_TYPE, file.type());
    }
}
