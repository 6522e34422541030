package io.modelyard.monitoring;

import com.fasterxml.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One dashboard of Grafana as it is checked in. */
record Dashboard(Path file, JsonNode json) {
    static Stream<Dashboard> all() {
        // JSON is YAML.
        return Yaml.files("grafana/dashboards", ".json").stream().map(file -> new Dashboard(file, Yaml.read(file)));
    }

    /** A query of a panel; an instant one asks for now, others for what was. */
    record Query(Panel panel, String refId, String expression, boolean instant) {
        /** As Grafana asks it, when these are the values of the variables. */
        String with(Map<String, String> variables) {
            String asked = expression;
            for (var variable : variables.entrySet()) {
                asked = asked.replace("${" + variable.getKey() + "}", variable.getValue())
                        .replaceAll("\\$" + variable.getKey() + "\\b", variable.getValue());
            }
            return asked;
        }

        @Override
        public String toString() {
            return panel + " " + refId + ": " + expression;
        }
    }

    /** What is drawn, or the title of a row of it. */
    record Panel(String dashboard, JsonNode json) {
        boolean isRow() {
            return type().equals("row");
        }

        String type() {
            return json.path("type").asText();
        }

        int id() {
            return json.path("id").asInt();
        }

        List<Query> queries() {
            return stream(json.path("targets")).map(target -> new Query(this, target.path("refId").asText(),
                    target.path("expr").asText(), target.path("instant").asBoolean())).toList();
        }

        boolean overlaps(Panel other) {
            return crosses(other, "x", "w") && crosses(other, "y", "h");
        }

        private boolean crosses(Panel other, String from, String length) {
            JsonNode mine = json.path("gridPos");
            JsonNode theirs = other.json.path("gridPos");
            return mine.path(from).asInt() < theirs.path(from).asInt() + theirs.path(length).asInt()
                    && theirs.path(from).asInt() < mine.path(from).asInt() + mine.path(length).asInt();
        }

        @Override
        public String toString() {
            return dashboard + ", '" + json.path("title").asText() + "'";
        }
    }

    String uid() {
        return json.path("uid").asText();
    }

    List<Panel> panels() {
        return stream(json.path("panels")).map(panel -> new Panel(toString(), panel)).toList();
    }

    List<JsonNode> variables() {
        return stream(json.path("templating").path("list")).toList();
    }

    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        panels().forEach(panel -> queries.addAll(panel.queries()));
        return queries;
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
