package io.modelyard.predictioncache;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.ConversionService;
import io.micronaut.core.convert.format.ReadableBytes;
import io.modelyard.model.Manifest.CacheOptions;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How answers are kept where a manifest does not say otherwise.
 *
 * @param ttl how long an answer may be given out again, a number of seconds or a duration; 0 turns the cache off, whatever
 *        manifests say
 * @param policy which tiers are asked
 * @param maxBytes of answers in this process' memory
 */
@ConfigurationProperties("modelyard.predictioncache")
record PredictionCacheConfiguration(@Bindable(defaultValue = "300s") String ttl,
        @Bindable(defaultValue = "AUTO") CachePolicy policy,
        @ReadableBytes @Bindable(defaultValue = "64MB") long maxBytes) {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,10}");
    private static final Duration LONGEST = Duration.ofSeconds(Integer.MAX_VALUE);

    PredictionCacheConfiguration {
        if (parse(ttl).filter(time -> !time.isNegative() && time.compareTo(LONGEST) <= 0).isEmpty()) {
            throw new ConfigurationException("modelyard.predictioncache.ttl (PREDICTION_CACHE_TTL) is '" + ttl
                    + "'; it must be 0, which turns the cache off, or a time such as 300 (seconds) or 5m of at most "
                    + LONGEST);
        }
        if (maxBytes < 0) {
            throw new ConfigurationException("modelyard.predictioncache.max-bytes is " + maxBytes
                    + "; it must be 0 or more, 64MB for example");
        }
    }

    private static Optional<Duration> parse(String time) {
        return SECONDS.matcher(time).matches()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(time)))
                : ConversionService.SHARED.convert(time, Duration.class);
    }

    /** How long answers are kept where a manifest does not say otherwise. */
    Duration defaultTtl() {
        return parse(ttl).orElseThrow();
    }

    /** How long answers of a model are kept; zero where none are. */
    Duration ttl(@Nullable CacheOptions manifest) {
        Duration ttl = defaultTtl();
        if (policy == CachePolicy.NEVER || ttl.isZero()) {
            return Duration.ZERO;
        }
        if (manifest == null) {
            return ttl;
        }
        if (Boolean.FALSE.equals(manifest.enabled()) || Boolean.FALSE.equals(manifest.deterministic())) {
            return Duration.ZERO;
        }
        return manifest.ttlSeconds() == null ? ttl : Duration.ofSeconds(manifest.ttlSeconds());
    }
}
