package rocks.urvote.kernel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// An address as its owner typed it, and the mailbox it leads to.
///
/// Two addresses with the same [#folded()] are one voter: case, `+tags`, dots where the provider ignores them, and the
/// domains of one provider make no difference.
public record EmailAddress(String value) {

    /// RFC 5321's dot-string in the local part and a domain of at least two labels; quoted local parts and address
    /// literals are not taken. International domains are given in their ASCII form.
    private static final Pattern SHAPE =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                    + "@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])");

    /// Domains under which one provider delivers to the same mailbox. Not Microsoft's: there each is somebody else's.
    private static final Map<String, String> SISTER_DOMAINS = Map.of(
            "googlemail.com", "gmail.com",
            "me.com", "icloud.com",
            "mac.com", "icloud.com",
            "pm.me", "proton.me",
            "protonmail.com", "proton.me",
            "protonmail.ch", "proton.me",
            "ya.ru", "yandex.ru",
            "yandex.com", "yandex.ru");

    private static final Set<String> DOTS_IGNORED = Set.of("gmail.com", "proton.me");

    /// Providers known to deliver `name+anything` to `name`.
    private static final Set<String> TAGS_IGNORED = Set.of(
            "gmail.com",
            "icloud.com",
            "proton.me",
            "yandex.ru",
            "outlook.com",
            "hotmail.com",
            "live.com",
            "fastmail.com");

    public EmailAddress {
        if (!wellFormed(value)) {
            throw new IllegalArgumentException("Not an e-mail address");
        }
    }

    public static Optional<EmailAddress> parse(String text) {
        var trimmed = text.strip();
        return wellFormed(trimmed) ? Optional.of(new EmailAddress(trimmed)) : Optional.empty();
    }

    private static boolean wellFormed(String text) {
        return text.length() <= 254
                && text.indexOf('@') <= 64
                && SHAPE.matcher(text).matches();
    }

    /// The mailbox behind the address.
    public String folded() {
        var lower = value.toLowerCase(Locale.ROOT);
        var at = lower.lastIndexOf('@');
        var domain = provider(lower.substring(at + 1));
        var local = lower.substring(0, at);
        var plus = local.indexOf('+');
        if (plus > 0) {
            local = local.substring(0, plus);
        }
        if (DOTS_IGNORED.contains(domain)) {
            local = local.replace(".", "");
        }
        return local + "@" + domain;
    }

    /// Whether the provider is on the list of those whose folding is known. A code may go to any spelling of such a
    /// mailbox; elsewhere `name+tag` could be somebody else's, so it goes to the account's own address.
    public boolean foldedForCertain() {
        return TAGS_IGNORED.contains(
                provider(value.substring(value.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT)));
    }

    private static String provider(String domain) {
        return SISTER_DOMAINS.getOrDefault(domain, domain);
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
