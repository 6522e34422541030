package io.modelyard.runtime.xgboost;

import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import jakarta.inject.Singleton;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import ml.dmlc.xgboost4j.java.XGBoostJNI;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Runs XGBoost models in UBJSON or JSON. */
@Singleton
final class XgboostRuntime implements ModelRuntime {
    private final String library = "xgboost4j " + version();

    @Override
    public String name() {
        return "xgboost";
    }

    @Override
    public String library() {
        return library;
    }

    @Override
    public void initialise() {
        // Any call loads it.
        XGBoostJNI.XGBGetLastError();
    }

    @Override
    public boolean recognises(ModelFiles files) {
        return ModelFile.isAmong(files);
    }

    @Override
    public boolean namesTensors() {
        return false;
    }

    @Override
    public boolean knowsMissing() {
        return true;
    }

    @Override
    public LoadedModel load(ModelFiles files) throws InvalidModelException {
        ModelFile file = ModelFile.among(files);
        byte[] content = file.read();
        CheckedModel model = check(file.name(), content);
        Booster booster = null;
        try {
            booster = XGBoost.loadModel(content);
            // The callers' threads fill the cores already; a team of threads for each call only adds waiting.
            booster.setParam("nthread", 1);
            booster.setParam("verbosity", 0);
            return new XgboostModel(booster, model);
        } catch (XGBoostError e) {
            if (booster != null) {
                booster.dispose();
            }
            throw new InvalidModelException(file.name() + ": XGBoost cannot load it: " + NativeError.reason(e), e);
        } catch (IOException e) {
            throw new InvalidModelException(file.name() + " cannot be read: " + e, e);
        }
    }

    /** Everything that can be known of a file without the native library. */
    static CheckedModel check(String name, byte[] content) throws InvalidModelException {
        Damage damage = new Damage(name);
        DocumentReader reader = switch (FileFormat.of(content)) {
            case UBJSON -> new UbjsonReader(content, damage);
            case JSON -> new JsonDocumentReader(content, damage);
            case LEGACY_BINARY ->
                throw damage.unserved("it is in the binary format of old versions, which XGBoost itself"
                        + " reads no more: load it with the version that wrote it (2.1 at most) and save it again with"
                        + " Booster.save_model('model.ubj')");
            case EMPTY -> throw damage.unserved("the file has no bytes: upload it again");
            case OTHER -> throw damage.found("it does not start like an XGBoost model in UBJSON or JSON");
        };
        return new ModelCheck(damage, new ModelParser(reader, damage).parse()).check();
    }

    /** The version that the library's archive says of itself. */
    private static String version() {
        try (InputStream in = XGBoost.class.getResourceAsStream("/xgboost4j-version.properties")) {
            if (in == null) {
                throw new IllegalStateException("xgboost4j is there without its version");
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "of an unknown version");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the version of xgboost4j", e);
        }
    }
}
