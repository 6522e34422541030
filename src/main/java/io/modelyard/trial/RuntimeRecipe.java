package io.modelyard.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import io.micronaut.context.BeanContext;
import io.modelyard.runtime.ModelRuntime;
import jakarta.inject.Inject;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a child makes a runtime as the server has it: by its constructor, which takes records of options, and what is made of
 * such records in turn. Starting the application's context for that would take longer than all else that a child does.
 *
 * @param type class of what is made
 * @param options its content as JSON where it is a record; null where it is not
 * @param arguments of its constructor where it is no record
 */
record RuntimeRecipe(String type, JsonNode options, List<RuntimeRecipe> arguments) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param context knows the options */
    static RuntimeRecipe of(ModelRuntime runtime, BeanContext context) {
        return of(runtime.getClass(), context);
    }

    private static RuntimeRecipe of(Class<?> type, BeanContext context) {
        return type.isRecord()
                ? new RuntimeRecipe(type.getName(), JSON.valueToTree(context.getBean(type)), List.of())
                : new RuntimeRecipe(type.getName(), NullNode.getInstance(),
                        Arrays.stream(constructor(type).getParameterTypes()).map(part -> of(part, context)).toList());
    }

    ModelRuntime make() {
        try {
            return (ModelRuntime) thing();
        } catch (ClassNotFoundException | InstantiationException | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException(type + " cannot be made as the server did", e);
        }
    }

    private Object thing() throws ClassNotFoundException, InstantiationException, IllegalAccessException,
            InvocationTargetException {
        Class<?> made = Class.forName(type);
        if (made.isRecord()) {
            return JSON.convertValue(options, made);
        }
        List<Object> parts = new ArrayList<>();
        for (RuntimeRecipe argument : arguments) {
            parts.add(argument.thing());
        }
        Constructor<?> constructor = constructor(made);
        constructor.setAccessible(true);
        return constructor.newInstance(parts.toArray());
    }

    private static Constructor<?> constructor(Class<?> type) {
        List<Constructor<?>> all = List.of(type.getDeclaredConstructors());
        List<Constructor<?>> chosen = all.size() == 1
                ? all
                : all.stream().filter(constructor -> constructor.isAnnotationPresent(Inject.class)).toList();
        if (chosen.size() != 1) {
            throw new IllegalStateException(type.getName() + ", of which a runtime is made, must have one constructor"
                    + " or one with @Inject, which takes records of options or what is made of such records");
        }
        return chosen.getFirst();
    }
}
