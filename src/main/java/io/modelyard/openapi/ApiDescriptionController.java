package io.modelyard.openapi;

import io.micronaut.core.io.ResourceLoader;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.modelyard.model.ServingFailure;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeIn;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;

import java.io.InputStream;
import java.net.URI;

/** The API as OpenAPI, written by the compiler from the controllers, and the ways to the pages that show it. */
@OpenAPIDefinition(info = @Info(title = "Modelyard", version = "0.1.0", description = "Push a model to a bucket, and it is an endpoint. Errors are application/problem+json (RFC 9457) with a code.", license = @License(name = "Apache-2.0", url = "https://www.apache.org/licenses/LICENSE-2.0")), security = @SecurityRequirement(name = "key"))
@SecurityScheme(name = "key", type = SecuritySchemeType.APIKEY, in = SecuritySchemeIn.HEADER, paramName = "X-API-Key")
@Controller
@Secured("read")
@Hidden
final class ApiDescriptionController {
    private final ResourceLoader resources;

    ApiDescriptionController(ResourceLoader resources) {
        this.resources = resources;
    }

    @Get(value = "/openapi.json", produces = MediaType.APPLICATION_JSON)
    @ExecuteOn(TaskExecutors.BLOCKING)
    InputStream description() {
        return resources.getResourceAsStream("classpath:META-INF/swagger/openapi.json")
                .orElseThrow(() -> ServingFailure.NotFound.other("this build has no description of its API"));
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
}
