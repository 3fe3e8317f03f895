package rocks.urvote.operations;

/// Who comes to a bucket. Prints without the secret.
public record BucketKeys(String accessKey, String secretKey) {

    @Override
    public String toString() {
        return accessKey + ":***";
    }
}
