import client.ApiClient;
import client.ApiException;
import client.api.ModelsApi;
import client.api.ServedModelsApi;
import client.model.BreastCancerAnswer;
import client.model.BreastCancerRequest;
import client.model.BreastCancerRow;
import client.model.BreastCancerRows;
import client.model.DigitsArrays;
import client.model.DigitsRequest;
import client.model.ModelType;
import client.model.Problem;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What somebody writes who has generated a client. */
public final class ClientProgram {
    public static List<String> run(String server, String key, String rowAsJson) throws Exception {
        List<String> said = new ArrayList<>();
        ApiClient client = new ApiClient();
        client.updateBaseUri(server);
        client.setRequestInterceptor(request -> request.header("X-API-Key", key));

        ServedModelsApi models = new ServedModelsApi(client);
        BreastCancerRow row = client.getObjectMapper().readValue(rowAsJson, BreastCancerRow.class).meanRadius(20.29f);
        BreastCancerAnswer answer = models.predictBreastCancer(
                new BreastCancerRequest(new BreastCancerRows().addInputsItem(row)), 5_000L, null);
        said.add("predicted " + answer.getPredictions().get(0).getLabel() + " by " + answer.getModelVersion());

        for (ModelType type : new ModelsApi(client).listModels().getModels()) {
            said.add("listed " + type.getModelType() + " with " + type.getVersions().size() + " versions");
        }

        DigitsArrays tooNarrow = new DigitsArrays().addInputsItem(Collections.nCopies(63, 1f));
        try {
            models.predictDigits(new DigitsRequest(tooNarrow), null, null);
        } catch (ApiException e) {
            Problem problem = client.getObjectMapper().readValue(e.getResponseBody(), Problem.class);
            said.add("refused " + e.getCode() + " " + problem.getCode() + " at "
                    + problem.getErrors().get(0).getPointer());
        }
        return said;
    }
}
