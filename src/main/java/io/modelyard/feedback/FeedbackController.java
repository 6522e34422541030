package io.modelyard.feedback;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.modelyard.model.Caller;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;

import java.util.List;

/** Takes what became true of predictions. On platform threads, as all that uses the database. */
@Controller("/feedback")
@Secured("predict")
@ExecuteOn(TaskExecutors.IO)
final class FeedbackController {
    static final String ONE = """
                              {"outcomes": ["Adelie", null, "Gentoo"], "observed_at": "2026-11-20T10:00:00Z"}""";
    static final String MANY = """
                               {"items": [{"prediction_id": "019a…", "row": 0, "outcome": "Adelie"}, {"prediction_id": "019a…", "reward": 1.0}]}""";
    private static final String LINES = "application/x-ndjson";

    private final FeedbackIntake intake;
    private final FeedbackReader reader;

    FeedbackController(FeedbackIntake intake, FeedbackConfiguration configuration) {
        this.intake = intake;
        this.reader = new FeedbackReader(configuration);
    }

    /**
     * Says what became true of one prediction: {@code outcomes}, one for each of its rows, {@code null} where it is not known
     * yet; or {@code outcome} of a {@code row}; or a {@code reward}, of the whole prediction or of a {@code row}. The answer
     * is 202 where the prediction is not in the log yet; it is scored when it is.
     *
     * @param predictionId as the prediction's answer has it
     */
    @Post("/{predictionId}")
    @Consumes(MediaType.APPLICATION_JSON)
    HttpResponse<byte[]> one(@PathVariable String predictionId,
            @RequestBody(content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = "object"), examples = @ExampleObject(name = "outcomes", value = FeedbackController.ONE))) @Body byte[] body,
            @Parameter(hidden = true) Caller caller) {
        FeedbackItem said = reader.one(predictionId, body);
        return switch (intake.take(List.of(said), caller).getFirst()) {
            case FeedbackResult.Taken taken -> HttpResponse
                    .<byte[]>status(taken.pending() > 0 ? HttpStatus.ACCEPTED : HttpStatus.OK)
                    .body(FeedbackAnswers.one(taken)).contentType(MediaType.APPLICATION_JSON_TYPE);
            case FeedbackResult.Refused refused -> throw refused.failure();
        };
    }

    /** What was said of one prediction, by row, and how it was scored; of one that is not in the log yet, nothing. */
    @Get("/{predictionId}")
    @Secured("logs")
    HttpResponse<byte[]> said(@PathVariable String predictionId, @Parameter(hidden = true) Caller caller) {
        return HttpResponse.ok(FeedbackAnswers.said(predictionId, intake.said(predictionId, caller)))
                .contentType(MediaType.APPLICATION_JSON_TYPE);
    }

    /**
     * Says what became true of many predictions: {@code items}, or lines with one item each. Answered in their order, each
     * with what became of it or with its own error.
     */
    @Post
    @Consumes({MediaType.APPLICATION_JSON, LINES})
    HttpResponse<byte[]> many(HttpRequest<?> request,
            @RequestBody(content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = "object", requiredProperties = "items"), examples = @ExampleObject(name = "items", value = FeedbackController.MANY))) @Body byte[] body,
            @Parameter(hidden = true) Caller caller) {
        boolean lines = request.getContentType().filter(type -> type.getName().equals(LINES)).isPresent();
        List<FeedbackItem> items = lines ? reader.lines(body) : reader.items(body);
        return HttpResponse.ok(FeedbackAnswers.all(intake.take(items, caller)))
                .contentType(MediaType.APPLICATION_JSON_TYPE);
    }
}
