package io.modelyard.predict;

import io.modelyard.model.ServingFailure;
import io.modelyard.predict.BatchRequest.Item;
import io.modelyard.predict.BatchRequest.Member;
import io.modelyard.predict.BatchRequest.Shared;
import io.modelyard.tensor.InputProblem;
import io.modelyard.tensor.JsonReader;
import io.modelyard.tensor.JsonSyntaxException;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Scans the body of a batch once: checks that all of it is JSON, so that a batch is either begun with or refused, and notes
 * where the items stand. Knows the names that hand-written services give to the same members. For one body.
 */
final class BatchScanner {
    private static final String ITEMS = "items";

    private final byte[] text;
    private final int most;
    private final JsonReader reader;
    private final List<InputProblem> problems = new ArrayList<>();
    private final List<Shared> shared = new ArrayList<>();
    private @Nullable List<Item> items;
    private OptionalInt maxBatchSize = OptionalInt.empty();

    private BatchScanner(byte[] text, int most) {
        this.text = text;
        this.most = most;
        this.reader = new JsonReader(text);
    }

    /**
     * @param most how many items there may be
     * @throws ServingFailure.MalformedJson if the body is not JSON
     * @throws ServingFailure.InvalidInput if a member is unknown, twice there or of the wrong kind, or there are no items
     * @throws ServingFailure.BatchTooLarge if there are more items
     */
    static BatchRequest scan(byte[] text, int most) {
        try {
            return new BatchScanner(text, most).scan();
        } catch (JsonSyntaxException e) {
            throw new ServingFailure.MalformedJson(text.length == 0
                    ? "the body is empty; send {\"items\": [{\"inputs\": …}, …]}"
                    : "the body is not JSON: " + e.describe(text));
        }
    }

    private BatchRequest scan() {
        if (reader.peek() == '[') {
            items("");
        } else if (reader.peek() == '{') {
            for (boolean more = reader.openObject(); more; more = reader.nextInObject()) {
                topMember(reader.name());
            }
        } else {
            reader.skip();
            problem("", "expected an object: {\"items\": [{\"inputs\": …}, …]}");
        }
        reader.end();
        List<Item> found = items;
        if (problems.isEmpty() && (found == null || found.isEmpty())) {
            problem("/" + ITEMS,
                    found == null ? "this member is missing: the predictions to make" : "there are no items");
        }
        if (!problems.isEmpty() || found == null) {
            throw new ServingFailure.InvalidInput(problems);
        }
        if (found.size() > most) {
            throw new ServingFailure.BatchTooLarge("there are " + found.size() + " items, and one request may have "
                    + most + "; send several requests");
        }
        return new BatchRequest(text, found, shared, maxBatchSize);
    }

    private void topMember(String name) {
        Member member = member(name);
        if (member != null) {
            int from = reader.position();
            reader.skip();
            if (shared.stream().anyMatch(said -> said.member() == member)) {
                problem(pointer(name), "this is there twice");
            }
            shared.add(new Shared(member, name, from, end()));
            return;
        }
        switch (name) {
            case ITEMS, "inputs", "input_data", "features", "input" -> itemsOf(name);
            case "batch" -> {
                if (reader.peek() == '[') {
                    itemsOf(name);
                } else {
                    flag(name);
                }
            }
            case "max_batch_size", "maxBatchSize" -> maxBatchSize(name);
            default -> {
                reader.skip();
                problem(pointer(name), "there is no such member; there are items, max_batch_size, outputs, "
                        + "preprocessing, postprocessing, model_type and model_version");
            }
        }
    }

    /** What a member of an item, or of the body for all items, says; null where it says something else. */
    static @Nullable Member member(String name) {
        return switch (name) {
            case "model_type", "modelName", "model_name" -> Member.TYPE;
            case "model_version", "modelVersion" -> Member.VERSION;
            case "outputs" -> Member.OUTPUTS;
            case "preprocessing" -> Member.PREPROCESSING;
            case "postprocessing" -> Member.POSTPROCESSING;
            case "use_ab_testing" -> Member.EXPERIMENTS;
            default -> null;
        };
    }

    private void itemsOf(String name) {
        if (items != null) {
            reader.skip();
            problem(pointer(name), "the items are there twice");
        } else if (reader.peek() != '[') {
            reader.skip();
            problem(pointer(name), "expected an array of items");
        } else {
            items(pointer(name));
        }
    }

    private void items(String pointer) {
        List<Item> found = new ArrayList<>();
        for (boolean more = reader.openArray(); more; more = reader.nextInArray()) {
            found.add(item(pointer + "/" + found.size()));
        }
        items = found;
    }

    /** An object that has a member of a prediction's body is such a body; anything else is inputs alone. */
    private Item item(String pointer) {
        int from = reader.position();
        Set<Member> own = EnumSet.noneOf(Member.class);
        boolean bare = true;
        if (reader.peek() == '{') {
            for (boolean more = reader.openObject(); more; more = reader.nextInObject()) {
                String name = reader.name();
                Member member = member(name);
                if (member != null) {
                    own.add(member);
                }
                bare &= member == null && !isInputs(name);
                reader.skip();
            }
        } else {
            reader.skip();
        }
        return new Item(pointer, from, end(), bare, bare ? Set.of() : own);
    }

    /** Where the value that was read last ends; the reader passes the white space behind it too. */
    private int end() {
        int end = reader.position();
        while (text[end - 1] <= ' ' && text[end - 1] >= 0) {
            end--;
        }
        return end;
    }

    private static boolean isInputs(String name) {
        return switch (name) {
            case "inputs", "input_data", "features", "input" -> true;
            default -> false;
        };
    }

    private void flag(String name) {
        switch (reader.peek()) {
            case 't', 'f' -> reader.bool();
            case 'n' -> reader.nullValue();
            default -> {
                reader.skip();
                problem(pointer(name), "expected true or false");
            }
        }
    }

    private void maxBatchSize(String name) {
        int next = reader.peek();
        if (next == 'n') {
            reader.nullValue();
            return;
        }
        if (next == '-' || (next >= '0' && next <= '9')) {
            reader.number();
            if (reader.isIntegral() && reader.integer() >= 1) {
                maxBatchSize = OptionalInt.of((int) Math.min(reader.integer(), Integer.MAX_VALUE));
                return;
            }
        } else {
            reader.skip();
        }
        problem(pointer(name), "expected an integer of 1 or more");
    }

    private static String pointer(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private void problem(String pointer, String detail) {
        if (problems.size() < 10) {
            problems.add(new InputProblem(pointer, detail));
        }
    }
}
