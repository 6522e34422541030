package io.modelyard.store.s3;

/** What is asked of the server, in the words of a message and of an access policy. */
enum S3Action {
    LIST("list", "s3:ListBucket", false), READ("read", "s3:GetObject", true), CREATE("create", "s3:PutObject",
            true), WRITE("write", "s3:PutObject", true), DELETE("delete", "s3:DeleteObject", true);

    private final String verb;
    private final String permission;
    private final boolean onObject;

    S3Action(String verb, String permission, boolean onObject) {
        this.verb = verb;
        this.permission = permission;
        this.onObject = onObject;
    }

    String verb() {
        return verb;
    }

    /** What the credentials need. */
    String permission(S3Location location, String key) {
        return permission + " on " + location.arn(onObject ? key : "");
    }
}
