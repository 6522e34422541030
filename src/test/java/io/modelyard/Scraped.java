package io.modelyard;

import io.modelyard.TestServer.Client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The series of a server at one moment, read from the text that Prometheus would get. */
final class Scraped {
    private static final Pattern LINE = Pattern.compile("([a-z0-9_A-Z]+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"([^\"]*)\"");

    private final String text;
    private final List<Series> series = new ArrayList<>();

    /** One line. */
    record Series(String name, Map<String, String> labels, double value) {}

    private Scraped(String text) {
        this.text = text;
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new AssertionError("not a series: " + line);
            }
            Map<String, String> labels = new TreeMap<>();
            if (parts.group(2) != null) {
                LABEL.matcher(parts.group(2)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
            }
            String value = parts.group(3);
            series.add(new Series(parts.group(1), labels,
                    value.endsWith("Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(value)));
        });
    }

    static Scraped of(TestServer server) {
        return by(server.as(server.adminKey()));
    }

    static Scraped by(Client client) {
        return new Scraped(client.get("/metrics").text());
    }

    String text() {
        return text;
    }

    List<Series> all() {
        return series;
    }

    /** Of which the labels are there with these values, whatever others there are: names and values in turn. */
    List<Series> of(String name, String... labels) {
        return series.stream().filter(each -> each.name().equals(name)).filter(each -> {
            for (int i = 0; i < labels.length; i += 2) {
                if (!labels[i + 1].equals(each.labels().get(labels[i]))) {
                    return false;
                }
            }
            return true;
        }).toList();
    }

    /** The sum of those that {@link #of} gives; 0 where there are none. */
    double sum(String name, String... labels) {
        return of(name, labels).stream().mapToDouble(Series::value).sum();
    }

    /** What a label is in any series. */
    Set<String> values(String label) {
        Set<String> values = new TreeSet<>();
        series.forEach(each -> {
            String value = each.labels().get(label);
            if (value != null) {
                values.add(value);
            }
        });
        return values;
    }

    /** Names as the lines of types have them. */
    Map<String, String> types() {
        Map<String, String> types = new TreeMap<>();
        text.lines().filter(line -> line.startsWith("# TYPE ")).map(line -> line.split(" ", 4))
                .forEach(words -> types.put(words[2], words[3]));
        return types;
    }
}
