package io.modelyard.registry;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.StdConverter;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.modelyard.model.ApiKey;
import io.modelyard.model.Experiment;
import io.modelyard.model.Role;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.TensorSpec;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The one mapper between registry documents and records: snake_case, ISO times, strict reading; what is null or empty
 * is left out, and what is absent is null or empty. How the nouns look in JSON is said here, so that they need not know.
 */
public final class DocumentMapper {
    private DocumentMapper() {}

    /** A mapper that judges nothing: for documents that were judged before, and their parts. */
    public static ObjectMapper create() {
        JsonMapper mapper = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .addModule(new JavaTimeModule())
                .addMixIn(Shape.class, ShapeForm.class).addMixIn(DataType.class, NameForm.class)
                .addMixIn(Role.class, NameForm.class).addMixIn(Experiment.Strategy.class, NameForm.class)
                .addMixIn(TensorSpec.class, TensorSpecForm.class)
                .addMixIn(ApiKey.class, ApiKeyForm.class)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                // The schema has judged them, where it matters.
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, SerializationFeature.INDENT_OUTPUT)
                .defaultPrettyPrinter(
                        new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")))
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                // A record's components are its members; isBatched() and the like are not.
                .visibility(PropertyAccessor.GETTER, Visibility.NONE)
                .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
                .visibility(PropertyAccessor.FIELD, Visibility.ANY).build();
        for (Class<?> collection : List.of(List.class, Map.class, Set.class)) {
            mapper.configOverride(collection).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY))
                    .setInclude(
                            JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS));
        }
        return mapper;
    }

    /** {@code [-1, 4]}. */
    private abstract static class ShapeForm {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Shape of(long... dims) {
            return Shape.of(dims);
        }

        @JsonValue
        abstract long[] toArray();
    }

    /** {@code "float32"}. */
    private interface NameForm {
        @JsonValue
        String jsonName();
    }

    /** {@code on_request} is written only where it is true. */
    private interface TensorSpecForm {
        @JsonProperty
        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean onRequest();
    }

    /** Sets are written sorted, so that equal keys are equal documents. */
    private interface ApiKeyForm {
        @JsonProperty
        @JsonSerialize(converter = Sorted.class)
        Set<Role> roles();

        @JsonProperty
        @JsonSerialize(converter = Sorted.class)
        Set<String> types();
    }

    private static final class Sorted extends StdConverter<Set<?>, List<?>> {
        @Override
        public List<?> convert(Set<?> values) {
            return values.stream().sorted().toList();
        }
    }
}
