package io.modelyard.docs;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * JSON as documentation writes it: with … for what is left out, which may stand for a value, for the rest of an array, for more
 * members of an object, or for a part of a string.
 */
final class LooseJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final char REST = '…';

    private LooseJson() {}

    /** The documents of a block, one after the other; members without their object are one, too. */
    static List<JsonNode> read(String text) throws JsonProcessingException {
        String quoted = quoted(text.startsWith("\"") ? "{" + text + "}" : text);
        List<JsonNode> documents = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(quoted)) {
            while (parser.nextToken() != null) {
                documents.add(JSON.readTree(parser));
            }
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return documents;
    }

    /** Each … outside of a string as a string, and in the place of a member as a member. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder();
        List<Character> open = new ArrayList<>();
        boolean inString = false;
        char last = ' ';
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (inString) {
                inString = c != '"';
                quoted.append(c);
                if (c == '\\') {
                    quoted.append(text.charAt(++at));
                }
            } else if (c == REST) {
                boolean member = !open.isEmpty() && open.getLast() == '{' && last != ':';
                quoted.append(member ? "\"…\":\"…\"" : "\"…\"");
            } else {
                switch (c) {
                    case '"' -> inString = true;
                    case '{', '[' -> open.add(c);
                    case '}', ']' -> open.removeLast();
                    default -> {
                    }
                }
                quoted.append(c);
            }
            last = Character.isWhitespace(c) ? last : c;
        }
        return quoted.toString();
    }

    /**
     * What in the second is not as the first says, with its place. Members and their kinds must agree; strings too, as far as … and
     * times allow; any number is as good as another.
     */
    static Optional<String> difference(JsonNode said, JsonNode seen) {
        return difference("", said, seen);
    }

    private static Optional<String> difference(String place, JsonNode said, JsonNode seen) {
        if (isRest(said)) {
            return Optional.empty();
        }
        if (said.getNodeType() != seen.getNodeType()) {
            return told(place, said, seen);
        }
        return switch (said.getNodeType()) {
            case OBJECT -> members(place, said, seen);
            case ARRAY -> elements(place, said, seen);
            case STRING -> LooseText.matches(said.textValue(), seen.textValue()) ? Optional.empty()
                    : told(place, said, seen);
            case NUMBER -> Optional.empty();
            default -> said.equals(seen) ? Optional.empty() : told(place, said, seen);
        };
    }

    private static Optional<String> members(String place, JsonNode said, JsonNode seen) {
        boolean more = said.has("…");
        for (String name : names(said)) {
            if (!name.equals("…") && !seen.has(name)) {
                return Optional.of(place + "/" + name + ": the page has this member, the answer has not");
            }
        }
        for (String name : names(seen)) {
            if (!more && !said.has(name)) {
                return Optional.of(place + "/" + name + ": the answer has this member, the page has not");
            }
        }
        return names(said).stream().filter(seen::has)
                .flatMap(name -> difference(place + "/" + name, said.get(name), seen.get(name)).stream()).findFirst();
    }

    private static Optional<String> elements(String place, JsonNode said, JsonNode seen) {
        for (int at = 0; at < said.size(); at++) {
            if (isRest(said.get(at))) {
                return Optional.empty();
            }
            if (at >= seen.size()) {
                return Optional.of(place + ": the page has more than the " + seen.size() + " elements of the answer");
            }
            Optional<String> difference = difference(place + "/" + at, said.get(at), seen.get(at));
            if (difference.isPresent()) {
                return difference;
            }
        }
        return said.size() == seen.size() ? Optional.empty()
                : Optional.of(place + ": the answer has " + seen.size() + " elements, the page " + said.size());
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static boolean isRest(JsonNode node) {
        return node.isTextual() && node.textValue().equals("…");
    }

    private static Optional<String> told(String place, JsonNode said, JsonNode seen) {
        return Optional.of(place + ": the page says " + said + ", the answer " + seen);
    }
}
