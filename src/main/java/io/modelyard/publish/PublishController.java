package io.modelyard.publish;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Caller;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Publication;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import org.jspecify.annotations.Nullable;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Publishes for whoever can send a request and has neither Java nor the rights to write to the store. */
@Controller("/models")
final class PublishController {
    private final SentModels models;

    PublishController(SentModels models) {
        this.models = models;
    }

    /**
     * Publishes a version. The body is a model file, a tar of a folder (in gzip or not), or a form with parts {@code model} (a
     * file or a tar each) and {@code manifest} (JSON with what the model does not say itself: labels, feature names, examples).
     * The model is loaded and tried before anybody can see it. The same content again is 200.
     *
     * @param file what the body is called if it is one file; told by its content if left out
     */
    @Put("/{type}/{version}")
    @Consumes(MediaType.ALL)
    @Secured("publish")
    @ExecuteOn(TaskExecutors.BLOCKING)
    @ApiResponse(responseCode = "201", description = "It is published.", content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = PublishController.Published.class)))
    @ApiResponse(responseCode = "200", description = "It was published already, with the same content.", content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = PublishController.Published.class)))
    HttpResponse<Published> publish(HttpRequest<?> request, @PathVariable String type, @PathVariable String version,
            @Nullable @QueryValue String file,
            @RequestBody(required = true, content = {
                    @Content(mediaType = MediaType.APPLICATION_OCTET_STREAM, schema = @Schema(type = "string", format = "binary")),
                    @Content(mediaType = "application/x-tar", schema = @Schema(type = "string", format = "binary")),
                    @Content(mediaType = "application/gzip", schema = @Schema(type = "string", format = "binary")),
                    @Content(mediaType = MediaType.MULTIPART_FORM_DATA, schema = @Schema(implementation = PublishController.Form.class))}) @Body InputStream body,
            @Parameter(hidden = true) Caller caller) throws IOException {
        try (InputStream received = new ReceivedBody(body)) {
            ModelId id = id(type, version);
            if (!caller.sees(type)) {
                throw new ServingFailure.Forbidden("this key is not for the type '" + type + "'");
            }
            Publication publication = models.publish(new SentModels.Sending(id, caller.keyId(),
                    request.getContentLength(), request.getHeaders().get(HttpHeaders.CONTENT_TYPE, String.class, ""),
                    file), received);
            return switch (publication) {
                case Publication.Created(Model model) -> HttpResponse.created(Published.of(model, false),
                        URI.create("/models/" + id));
                case Publication.AlreadyPublished(Model model) -> HttpResponse.ok(Published.of(model, true));
            };
        }
    }

    private static ModelId id(String type, String version) {
        try {
            return new ModelId(type, version);
        } catch (IllegalArgumentException e) {
            throw new ServingFailure.BadParameter(String.valueOf(e.getMessage()));
        }
    }

    /**
     * What is published now.
     *
     * @param files how many
     * @param sha256 of each file, by its path
     * @param alreadyPublished whether it was there before, with the same content
     * @param links what to do next
     */
    @Serdeable
    record Published(String modelType, String modelVersion, String runtime, String digest, long sizeBytes, int files,
            Map<String, String> sha256, boolean alreadyPublished, Instant createdAt, @Nullable String createdBy,
            Links links) {
        static Published of(Model model, boolean already) {
            Manifest manifest = model.manifest();
            Map<String, String> sha256 = new TreeMap<>();
            for (ArtifactFile file : manifest.files()) {
                sha256.put(file.path(), file.sha256());
            }
            return new Published(manifest.type(), manifest.version(), manifest.runtime(), model.digest(),
                    manifest.totalSize(), manifest.files().size(), sha256, already, manifest.createdAt(),
                    manifest.createdBy(), Links.of(manifest.id()));
        }
    }

    /** Paths of the API about a version. */
    @Serdeable
    record Links(String self, String schema, String predict, String activate) {
        static Links of(ModelId id) {
            String self = "/models/" + id;
            return new Links(self, self + "/schema", "/predict/" + id, self + "/activate");
        }
    }

    /** The form, for the API description. */
    @Schema(description = "A form: one part 'model' for each file, or one that is a tar; and a part 'manifest'.")
    record Form(@Schema(type = "string", format = "binary") String model,
            @Schema(type = "string", format = "binary", description = "JSON with members of a manifest; those that are left out are found from the model.") @Nullable String manifest) {}

    /** A body of which only a part arrives is the sender's failure, not one of what it is written to. */
    private static final class ReceivedBody extends FilterInputStream {
        ReceivedBody(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            try {
                return super.read(buffer, offset, length);
            } catch (IOException e) {
                if (e.getCause() instanceof RuntimeException refused) {
                    // It is too large, or came too slowly: the edge knows what that means.
                    throw refused;
                }
                throw new ServingFailure.BadParameter("the body did not arrive as a whole: " + e.getMessage());
            }
        }
    }
}
