package io.modelyard.transform;

/** One thing that is done to inputs or outputs, in the order in which they are done. */
public enum Step {
    MAP("map"), FILL("fill"), CLIP("clip"), NORMALIZE("normalize"), SOFTMAX("softmax"), SIGMOID("sigmoid"), THRESHOLD(
            "threshold"), TOP_K("top_k"), ROUND("round");

    private final String jsonName;

    Step(String jsonName) {
        this.jsonName = jsonName;
    }

    /** What manifests, requests and answers call it. */
    public String jsonName() {
        return jsonName;
    }
}
