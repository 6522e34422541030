package io.modelyard.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** The schema accepts what the decoder accepts, but for what no schema can say. */
final class SignatureSchemaTest {
    private static final JsonMapper JACKSON = new JsonMapper();
    private static final SchemaRegistry REGISTRY = SchemaRegistry
            .withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    /**
     * Unlike numbers of rows, unlike lengths of free axes, and floats out of range; and doubles beyond int64, which this
     * validator makes longs before it compares them.
     */
    private static final Pattern BEYOND_SCHEMAS = Pattern.compile(", but | like the first|the range of (float|int64)");
    private static final List<String> VALUES = List.of("1", "1.0", "1.5", "-1", "300", "\"a\"", "true", "null", "[]",
            "{}",
            "[1]", "[[1]]", "9223372036854775808", "[\"a\"]", "[true]");

    @Property(seed = "2611", tries = 200)
    void acceptsEveryFormOfRows(@ForAll Random random) {
        Sample sample = Sample.of(random);
        Schema schema = schema(sample.signature());
        for (String form : sample.forms(random)) {
            assertThat(schema.validate(form, InputFormat.JSON)).as(form).isEmpty();
        }
        for (String form : sample.rowForms(random)) {
            assertThat(schema.validate(form, InputFormat.JSON)).as(form).isEmpty();
        }
    }

    @Property(seed = "2611", tries = 600)
    void agreesWithTheDecoderOnChangedInputs(@ForAll Random random) throws IOException {
        Sample sample = Sample.of(random);
        Schema schema = schema(sample.signature());
        List<String> forms = random.nextBoolean() ? sample.forms(random) : sample.rowForms(random);
        JsonNode text = JACKSON.readTree(forms.get(random.nextInt(forms.size())));
        for (int edits = 0; edits < 4; edits++) {
            text = edit(text, sample.signature(), random);
            assertAgree(sample.signature(), schema, text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x float32 [-1,2] a b", "x float32 [-1,2]", "n int8 [-1]", "x float32 [-1,1]",
            "x float32 [-1,1] a",
            "x float32 [-1,2] x y", "x float32 [1,4]", "x float32 [4]", "x float32 []", "x float32 [-1,0]; n int8 [-1]",
            "x float32 [-1,0] a; n int8 [-1]", "age float32 [-1,1]; name string [-1]; xy float64 [-1,2] px py; missing",
            "x float32 [-1,-1]; t bool []", "image uint8 [-1,2,2]", "x int64 [-1,-1,2]",
            "a float32 [-1,2] b c; b float32 [-1]", "a float32 [-1,2] a b; b float32 [-1,2] c d"})
    void agreesWithTheDecoderOnSmallInputs(String signature) throws IOException {
        Signature of = Signatures.of(signature);
        Schema schema = schema(of);
        Random random = new Random(42);
        List<JsonNode> tried = new ArrayList<>();
        for (String value : VALUES) {
            tried.add(JACKSON.readTree(value));
        }
        // Arrays and objects of those, by the names there are and some others, and arrays and objects of these again.
        for (int i = 0; i < 1000; i++) {
            JsonNode inner = tried.get(random.nextInt(tried.size()));
            ContainerNode<?> node = random.nextBoolean() ? JACKSON.createArrayNode() : JACKSON.createObjectNode();
            for (int k = random.nextInt(4); k >= 0; k--) {
                JsonNode value = random.nextInt(3) == 0 ? tried.get(random.nextInt(tried.size())) : inner;
                if (node instanceof ArrayNode array) {
                    array.add(value);
                } else {
                    ((ObjectNode) node).set(name(of, random), value);
                }
            }
            assertAgree(of, schema, node);
            if (node.toString().length() < 60) {
                tried.add(node);
            }
        }
    }

    @Test
    void describesFeaturesWithoutDemandingTheirBounds() throws IOException {
        Signature signature = new Signature(List.of(TensorSpec.of("x", DataType.FLOAT32, Shape.of(-1, 3))
                .withFeatures(List.of(new Feature("length", "mm", 30.0, 60.0), new Feature("mass", null, null, 9.5),
                        Feature.named("plain")))),
                List.of(), true);
        JsonNode row = JACKSON.valueToTree(SignatureSchema.of(signature)).at("/anyOf/1");
        assertThat(row.get("title").textValue()).isEqualTo("one row by feature name");
        assertThat(row.at("/properties/length"))
                .isEqualTo(JACKSON.readTree(
                        "{\"type\":[\"number\",\"null\"],\"format\":\"float\",\"description\":\"in mm; in training from 30.0 to 60.0\"}"));
        assertThat(row.at("/properties/mass/description").textValue()).isEqualTo("in training from any to 9.5");
        assertThat(row.at("/properties/plain").has("description")).isFalse();
        assertThat(row.at("/required")).isEqualTo(JACKSON.readTree("[\"length\",\"mass\",\"plain\"]"));
        assertThat(schema(signature).validate("[[1e9,null,-1]]", InputFormat.JSON)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"n int8 [-1]|4", "x float32 [-1,2] a b|5", "x float32 [-1,2]|4",
            "a int8 [-1]; b int8 [-1]|4", "x uint8 [-1,2,2]|4"})
    void tellsEachFormOnce(String signature, int forms) {
        assertThat((List<?>) SignatureSchema.of(Signatures.of(signature)).get("anyOf")).hasSize(forms)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"{\"xy\":[1,2],\"n\":3}|true",
            "{\"px\":1,\"py\":2,\"n\":3}|true",
            "{\"xy\":[1,2],\"px\":1,\"n\":3}|false", "{\"px\":1,\"n\":3}|false", "{\"n\":3}|false",
            "{\"xy\":[1,2]}|false",
            "{\"xy\":[1],\"n\":3}|false", "{\"xy\":[1,2],\"n\":[3]}|false"})
    void takesOfEachInputItsColumnsOrTheWhole(String row, boolean accepted) throws IOException {
        Signature signature = Signatures.of("xy float32 [-1,2] px py; n int8 [-1]");
        assertThat(schema(signature).validate(row, InputFormat.JSON).isEmpty()).isEqualTo(accepted);
        assertAgree(signature, schema(signature), JACKSON.readTree(row));
    }

    @ParameterizedTest
    @CsvSource({"int8,-128,127", "int16,-32768,32767", "int32,-2147483648,2147483647", "uint8,0,255",
            "int64,-9223372036854775808,9223372036854775807"})
    void bindsIntegersToTheirRange(String dtype, BigInteger least, BigInteger most) {
        Schema schema = schema(Signatures.of("n " + dtype + " [-1]"));
        assertThat(schema.validate("[%s,%s]".formatted(least, most), InputFormat.JSON)).isEmpty();
        assertThat(schema.validate("[%s]".formatted(least.subtract(BigInteger.ONE)), InputFormat.JSON)).isNotEmpty();
        assertThat(schema.validate("[%s]".formatted(most.add(BigInteger.ONE)), InputFormat.JSON)).isNotEmpty();
    }

    @Test
    void isItselfSoundForModelsOfAnyWidth() throws IOException {
        Schema meta = REGISTRY.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
        for (String signature : List.of("x float32 [-1,2] a b", "x float32 [-1,0]; y float32 [-1,0]",
                "x int8 [-1,2000000000]; y int8 [-1]",
                "a int64 [-1]; b string [-1,2] c d", "x uint8 [-1,-1,3]")) {
            String schema = JACKSON.writeValueAsString(SignatureSchema.of(Signatures.of(signature)));
            assertThat(meta.validate(schema, InputFormat.JSON)).as(schema).isEmpty();
            assertThat(schema).hasSizeLessThan(5000);
        }
        Signature none = new Signature(List.of(), List.of(), false);
        assertThat(schema(none).validate("[{},{}]", InputFormat.JSON)).isEmpty();
        assertThat(schema(none).validate("[{\"x\":1}]", InputFormat.JSON)).isNotEmpty();
    }

    private static String name(Signature signature, Random random) {
        List<String> names = new ArrayList<>(List.of("other"));
        for (TensorSpec input : signature.inputs()) {
            names.add(input.name());
            input.features().forEach(feature -> names.add(feature.name()));
        }
        return names.get(random.nextInt(names.size()));
    }

    private static void assertAgree(Signature signature, Schema schema, JsonNode inputs) {
        List<?> errors = schema.validate(inputs);
        String text = inputs.toString();
        try {
            Signatures.decode(signature, text, 1000);
            assertThat(errors).as("%s is read by %s", text, signature).isEmpty();
        } catch (InvalidInputException e) {
            if (errors.isEmpty()) {
                assertThat(e.problems()).as("%s is refused by %s", text, signature)
                        .allMatch(problem -> BEYOND_SCHEMAS.matcher(problem.detail()).find());
            }
        }
    }

    private static Schema schema(Signature signature) {
        JsonNode schema = JACKSON.valueToTree(SignatureSchema.of(signature));
        return REGISTRY.getSchema(schema);
    }

    /** Changes one value, element or member somewhere. */
    private static JsonNode edit(JsonNode tree, Signature signature, Random random) throws IOException {
        JsonNode copy = tree.deepCopy();
        List<ContainerNode<?>> nodes = new ArrayList<>();
        collect(copy, nodes);
        JsonNode value = JACKSON.readTree(VALUES.get(random.nextInt(VALUES.size())));
        if (nodes.isEmpty() || random.nextInt(20) == 0) {
            return random.nextBoolean() ? value : JACKSON.createArrayNode().add(copy);
        }
        ContainerNode<?> node = nodes.get(random.nextInt(nodes.size()));
        int at = node.isEmpty() ? -1 : random.nextInt(node.size());
        switch (node) {
            case ArrayNode array -> {
                switch (random.nextInt(4)) {
                    case 0 -> array.add(at < 0 ? value : array.get(at));
                    case 1 -> array.add(value);
                    case 2 -> array.remove(at);
                    default -> {
                        if (at >= 0) {
                            array.set(at, value);
                        }
                    }
                }
            }
            case ObjectNode object -> {
                String name = at < 0 ? "other" : new ArrayList<>(object.properties()).get(at).getKey();
                JsonNode known = at < 0 ? value : object.get(name);
                switch (random.nextInt(4)) {
                    case 0 -> object.remove(name);
                    case 1 -> object.set(name(signature, random), known);
                    case 2 -> object.set(name(signature, random), value);
                    default -> object.set(name, value);
                }
            }
            default -> throw new IllegalStateException(node.toString());
        }
        return copy;
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> found) {
        if (node instanceof ContainerNode<?> container) {
            found.add(container);
            container.elements().forEachRemaining(element -> collect(element, found));
        }
    }
}
