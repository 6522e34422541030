package io.modelyard.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import io.micronaut.context.BeanContext;
import io.modelyard.runtime.ModelRuntime;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;

/**
 * How a child makes a runtime as the server has it: by its constructor, which takes its options or nothing. Starting the
 * application's context for that would take longer than all else that a child does.
 *
 * @param type class of the runtime
 * @param options its options as JSON; null where it has none
 */
record RuntimeRecipe(String type, JsonNode options) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param context knows the options */
    static RuntimeRecipe of(ModelRuntime runtime, BeanContext context) {
        Constructor<?> constructor = constructor(runtime.getClass());
        JsonNode options = constructor.getParameterCount() == 0
                ? NullNode.getInstance()
                : JSON.valueToTree(context.getBean(constructor.getParameterTypes()[0]));
        return new RuntimeRecipe(runtime.getClass().getName(), options);
    }

    ModelRuntime make() {
        try {
            Constructor<?> constructor = constructor(Class.forName(type));
            constructor.setAccessible(true);
            Object runtime = constructor.getParameterCount() == 0
                    ? constructor.newInstance()
                    : constructor.newInstance(JSON.convertValue(options, constructor.getParameterTypes()[0]));
            return (ModelRuntime) runtime;
        } catch (ClassNotFoundException | InstantiationException | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException(type + " cannot be made as the server did", e);
        }
    }

    private static Constructor<?> constructor(Class<?> type) {
        Constructor<?>[] constructors = type.getDeclaredConstructors();
        if (constructors.length != 1 || constructors[0].getParameterCount() > 1) {
            throw new IllegalStateException(
                    "the runtime " + type.getName() + " must have one constructor, which takes its"
                            + " options or nothing");
        }
        return constructors[0];
    }
}
