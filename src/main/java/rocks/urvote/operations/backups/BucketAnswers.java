package rocks.urvote.operations.backups;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import rocks.urvote.operations.BucketUrl;
import rocks.urvote.operations.Command;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/// What a bucket says when it is asked, and what to do where it refuses or says nothing.
record BucketAnswers(BucketUrl url) {

    /// Its answer, or a [Command.Failed] in one line.
    <T> T to(Supplier<T> question) {
        try {
            return question.get();
        } catch (AwsServiceException e) {
            throw new Command.Failed(refused(e), e);
        } catch (SdkClientException e) {
            throw new Command.Failed(unanswered(e), e);
        } catch (SdkException e) {
            throw new Command.Failed("%s cannot be used: %s".formatted(url, firstLine(e)), e);
        }
    }

    private String refused(AwsServiceException e) {
        var code = Optional.ofNullable(e.awsErrorDetails())
                .map(details -> details.errorCode())
                .orElse("");
        return switch (code) {
            case "NoSuchBucket" ->
                "There is no bucket %s: make it, or name another in URVOTE_BACKUPS".formatted(url.bucket());
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken" ->
                "%s does not know the key (%s): set URVOTE_S3_ACCESS_KEY and URVOTE_S3_SECRET_KEY".formatted(url, code);
            case "RequestTimeTooSkewed" ->
                "%s finds that this machine's clock is wrong: let it follow a time server (NTP)".formatted(url);
            case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException" ->
                "%s is in another region: name it in URVOTE_BACKUPS with region=...".formatted(url);
            default -> refused(e.statusCode(), code.isEmpty() ? String.valueOf(e.statusCode()) : code);
        };
    }

    private String refused(int status, String code) {
        return switch (status) {
            case 301 -> "%s is in another region: name it in URVOTE_BACKUPS with region=...".formatted(url);
            case 401, 403 ->
                "%s does not let this key in (%s): look at URVOTE_S3_ACCESS_KEY and URVOTE_S3_SECRET_KEY, and allow the key ListBucket, ListBucketMultipartUploads, GetObject, PutObject, DeleteObject and AbortMultipartUpload"
                        .formatted(url, code);
            case 404 ->
                "There is no bucket %s, or no S3 at its endpoint (%s): look at URVOTE_BACKUPS"
                        .formatted(url.bucket(), code);
            default -> "%s refused: %s; what was not done is not there, try again".formatted(url, code);
        };
    }

    private String unanswered(SdkClientException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return "%s does not answer (%s: %s): look at the endpoint in URVOTE_BACKUPS, and at the network"
                        .formatted(url, cause.getClass().getSimpleName(), cause.getMessage());
            }
        }
        if (String.valueOf(e.getMessage()).contains("credentials")) {
            return "There is no key for %s: set URVOTE_S3_ACCESS_KEY and URVOTE_S3_SECRET_KEY, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
                    .formatted(url);
        }
        return "%s cannot be used: %s".formatted(url, firstLine(e));
    }

    private static String firstLine(SdkException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
