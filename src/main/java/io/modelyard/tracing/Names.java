package io.modelyard.tracing;

import io.opentelemetry.api.common.AttributeKey;

/**
 * What attributes of spans are called: those of HTTP as <a href="https://opentelemetry.io/docs/specs/semconv/http/http-spans/">the
 * conventions of OpenTelemetry</a> say.
 */
final class Names {
    static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("modelyard.request_id");
    static final AttributeKey<String> KEY = AttributeKey.stringKey("modelyard.key_id");
    static final AttributeKey<String> PREDICTION_ID = AttributeKey.stringKey("modelyard.prediction_id");
    static final AttributeKey<String> TYPE = AttributeKey.stringKey("modelyard.type");
    static final AttributeKey<String> VERSION = AttributeKey.stringKey("modelyard.version");
    static final AttributeKey<String> DIGEST = AttributeKey.stringKey("modelyard.digest");
    static final AttributeKey<String> RUNTIME = AttributeKey.stringKey("modelyard.runtime");
    static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("modelyard.outcome");
    static final AttributeKey<String> SOURCE = AttributeKey.stringKey("modelyard.source");
    static final AttributeKey<Long> ROWS = AttributeKey.longKey("modelyard.rows");
    static final AttributeKey<String> EXPERIMENT = AttributeKey.stringKey("modelyard.experiment");
    static final AttributeKey<String> ARM = AttributeKey.stringKey("modelyard.arm");
    static final AttributeKey<Long> BYTES_IN = AttributeKey.longKey("modelyard.bytes_in");
    static final AttributeKey<Long> BYTES_OUT = AttributeKey.longKey("modelyard.bytes_out");

    private Names() {}

    /** How long a step of pre- or post-processing took. */
    static AttributeKey<Double> step(String name) {
        return AttributeKey.doubleKey("modelyard.step." + name + "_ms");
    }
}
