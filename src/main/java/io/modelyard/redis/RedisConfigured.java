package io.modelyard.redis;

import io.micronaut.context.condition.Condition;
import io.micronaut.context.condition.ConditionContext;
import io.micronaut.core.value.PropertyResolver;

/** Whether there is a Redis at all: without one, nothing that needs it is there. */
public final class RedisConfigured implements Condition {
    @Override
    public boolean matches(ConditionContext context) {
        return isSet(context, "modelyard.redis.uri") || isSet(context, "modelyard.redis.host");
    }

    private static boolean isSet(PropertyResolver properties, String name) {
        return properties.getProperty(name, String.class).filter(value -> !value.isBlank()).isPresent();
    }
}
