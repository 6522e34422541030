package io.modelyard;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.convert.ConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.inject.BeanDefinition;
import io.micronaut.inject.qualifiers.Qualifiers;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Refuses at start a value that is not of its property's type. Micronaut itself would take the default in its place without a
 * word.
 */
@Context
final class ConfigurationCheck {
    ConfigurationCheck(ApplicationContext context) {
        for (BeanDefinition<?> definition : context
                .getBeanDefinitions(Qualifiers.byStereotype(ConfigurationProperties.class))) {
            if (definition.getBeanType().getName().startsWith("io.modelyard.")) {
                for (Argument<?> argument : definition.getConstructor().getArguments()) {
                    check(context, argument);
                }
                // Made now, because it says itself what makes no sense.
                context.getBean(definition);
            }
        }
    }

    private static void check(ApplicationContext context, Argument<?> argument) {
        Optional<String> property = argument.getAnnotationMetadata().stringValue(Property.class, "name");
        Optional<String> value = property.flatMap(name -> context.getProperty(name, String.class));
        if (value.isPresent() && !value.get().isEmpty()
                && context.getProperty(property.get(), ConversionContext.of(argument)).isEmpty()) {
            throw new ConfigurationException(property.get() + " is '" + value.get() + "', which is not "
                    + kindOf(argument.getType()));
        }
    }

    private static String kindOf(Class<?> type) {
        if (type.isEnum()) {
            return "one of " + String.join(", ", Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT)).toList());
        }
        return type == Duration.class ? "a duration such as 30s or 5m" : "a valid " + type.getSimpleName();
    }
}
