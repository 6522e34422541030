package io.modelyard.tracing;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.util.StringUtils;
import io.modelyard.model.Experiment;
import io.modelyard.model.Model;
import io.modelyard.predict.Course;
import io.modelyard.predict.Exchange;
import io.modelyard.predict.ExchangeObserver;
import io.modelyard.predict.Timing;
import io.modelyard.transform.Step;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import jakarta.inject.Singleton;

/**
 * Makes the parts of a prediction spans below that of its request, once it is over, and says on the request's what was predicted and by
 * what; never the inputs or the answer. A request for many predictions has a span for each in between.
 */
@Singleton
@Requires(property = TracingConfiguration.ENABLED, value = StringUtils.TRUE)
final class PredictionSpans implements ExchangeObserver {
    @Override
    public void observed(Exchange exchange) {
        Course course = exchange.course();
        if (course == null || !(course.trace() instanceof FollowedRequest request)) {
            return;
        }
        if (course.isItem()) {
            Span item = request.below(request.span(), "predict", course.received()).startSpan();
            describe(item, exchange);
            if (exchange.status() >= 500) {
                item.setStatus(StatusCode.ERROR);
            }
            stages(request, item, exchange, course);
            request.end(item, course.ended());
        } else {
            describe(request.span(), exchange);
            stages(request, request.span(), exchange, course);
        }
    }

    private static void describe(Span span, Exchange exchange) {
        span.setAttribute(Names.PREDICTION_ID, exchange.predictionId());
        span.setAttribute(Names.OUTCOME, exchange.code() == null ? "ok" : exchange.code());
        if (exchange.code() != null) {
            span.setAttribute(Names.ERROR, exchange.code());
        }
        Model model = exchange.model();
        if (model != null) {
            span.setAttribute(Names.TYPE, model.id().type());
            span.setAttribute(Names.VERSION, model.id().version());
            span.setAttribute(Names.DIGEST, model.digest());
            span.setAttribute(Names.RUNTIME, model.manifest().runtime());
            span.setAttribute(Names.ROWS, (long) exchange.rows());
            span.setAttribute(Names.SOURCE, exchange.source().word());
        }
        Experiment.Assignment assignment = exchange.assignment();
        if (assignment != null) {
            span.setAttribute(Names.EXPERIMENT, assignment.experiment());
            span.setAttribute(Names.ARM, assignment.arm());
        }
    }

    private static void stages(FollowedRequest request, Span parent, Exchange exchange, Course course) {
        for (Stage stage : Stage.of(course, exchange.cached())) {
            Span span = request.below(parent, stage.name(), stage.from()).startSpan();
            if (!exchange.timing().steps().isEmpty()) {
                for (Step step : exchange.timing().steps().steps()) {
                    if (stage.steps().contains(step)) {
                        span.setAttribute(Names.step(step.jsonName()),
                                Timing.millis(exchange.timing().steps().nanos(step)));
                    }
                }
            }
            request.end(span, stage.to());
        }
    }
}
