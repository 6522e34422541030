package io.modelyard.predict;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The body of a batch, scanned: where its items stand, and what is said for all of them.
 *
 * @param shared members that an item has unless it says them itself
 * @param maxBatchSize how many items may be in work at once, where the body says so
 */
record BatchRequest(byte[] text, List<Item> items, List<Shared> shared, OptionalInt maxBatchSize) {

    /** What an item may say, and the body for all items. */
    enum Member {
        TYPE, VERSION, OUTPUTS, PREPROCESSING, POSTPROCESSING, EXPERIMENTS
    }

    /**
     * A member of the body, as it stands there.
     *
     * @param from where its value begins in the text
     * @param to where it ends
     */
    record Shared(Member member, String name, int from, int to) {}

    /**
     * @param pointer JSON pointer to it
     * @param bare whether it is inputs alone, instead of an object with inputs among its members
     * @param own what it says itself; for one that is not bare
     */
    record Item(String pointer, int from, int to, boolean bare, Set<Member> own) {
        /**
         * Where in the batch stands what an item's own body calls {@code pointerInBody}: what is said for all items stands
         * beside them.
         */
        String locate(String pointerInBody) {
            String inputs = "/" + BARE;
            if (bare && (pointerInBody.equals(inputs) || pointerInBody.startsWith(inputs + "/"))) {
                return pointer + pointerInBody.substring(inputs.length());
            }
            Member member = BatchScanner.member(pointerInBody.replaceFirst("^/([^/]*).*$", "$1"));
            return member != null && !own.contains(member) ? pointerInBody : pointer + pointerInBody;
        }
    }

    private static final String BARE = "inputs";

    /** An item as the body of a prediction. */
    byte[] bodyOf(Item item) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(item.to() - item.from() + 64);
        if (item.bare()) {
            write(body, "{\"" + BARE + "\":");
            body.write(text, item.from(), item.to() - item.from());
        } else {
            // Up to its closing brace.
            body.write(text, item.from(), item.to() - item.from() - 1);
        }
        for (Shared said : shared) {
            if (!item.own().contains(said.member())) {
                write(body, ",\"" + said.name() + "\":");
                body.write(text, said.from(), said.to() - said.from());
            }
        }
        body.write('}');
        return body.toByteArray();
    }

    private static void write(ByteArrayOutputStream body, String text) {
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
