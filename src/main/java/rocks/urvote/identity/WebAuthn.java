package rocks.urvote.identity;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import rocks.urvote.web.WebSettings;

/// What a browser says of a passkey, proven: WebAuthn level 2, for the origin that people come to. Who made the key is
/// not asked, so any will do.
///
/// What an answer holds is whatever somebody sends, and the library expects it to be well-formed: however it fails over
/// one, that is no answer.
@Component
final class WebAuthn {

    /// Ed25519, ECDSA on P-256, RSA, as browsers like them best.
    static final List<Integer> ALGORITHMS = List.of(-8, -7, -257);

    private final WebAuthnManager manager;
    private final AttestedCredentialDataConverter credentials;
    private final Origin origin;
    private final String host;

    WebAuthn(WebSettings settings) {
        var converter = new ObjectConverter();
        this.manager = WebAuthnManager.createNonStrictWebAuthnManager(converter);
        this.credentials = new AttestedCredentialDataConverter(converter);
        this.origin = new Origin(settings.origin());
        this.host = settings.publicUrl().getHost();
    }

    /// Whom a passkey is for: the host of the public address.
    String relyingParty() {
        return host;
    }

    /// A new key.
    @SuppressWarnings("ArrayRecordComponent") // only passed on
    record Registered(String id, byte[] credential, long signCount) {}

    /// A signature by a key that is known.
    record Signed(long signCount) {}

    /// Empty where it does not fit the challenge, this site, or itself.
    Optional<Registered> registered(String response, byte[] challenge) {
        try {
            var data = manager.verifyRegistrationResponseJSON(
                    response,
                    new RegistrationParameters(
                            server(challenge),
                            ALGORITHMS.stream()
                                    .map(algorithm -> new PublicKeyCredentialParameters(
                                            PublicKeyCredentialType.PUBLIC_KEY,
                                            COSEAlgorithmIdentifier.create(algorithm)))
                                    .toList(),
                            false,
                            true));
            var attestation = data.getAttestationObject();
            if (attestation == null) {
                return Optional.empty();
            }
            var authenticator = attestation.getAuthenticatorData();
            var credential = authenticator.getAttestedCredentialData();
            return credential == null
                    ? Optional.empty()
                    : Optional.of(new Registered(
                            Secrets.text(credential.getCredentialId()),
                            credentials.convert(credential),
                            authenticator.getSignCount()));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /// Which key an answer says it comes from, before anything about it is proven.
    Optional<String> idOf(String response) {
        try {
            return Optional.ofNullable(
                            manager.parseAuthenticationResponseJSON(response).getCredentialId())
                    .map(Secrets::text);
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /// Empty where the signature is not by this key over this challenge, for this site.
    Optional<Signed> signed(String response, byte[] challenge, byte[] credential, long signCount) {
        try {
            var record = new CredentialRecordImpl(
                    new com.webauthn4j.data.attestation.statement.NoneAttestationStatement(),
                    null,
                    null,
                    null,
                    signCount,
                    credentials.convert(credential),
                    null,
                    null,
                    null,
                    Set.of());
            var data = manager.verifyAuthenticationResponseJSON(
                    response, new AuthenticationParameters(server(challenge), record, null, false, true));
            var authenticator = data.getAuthenticatorData();
            return authenticator == null ? Optional.empty() : Optional.of(new Signed(authenticator.getSignCount()));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private ServerProperty server(byte[] challenge) {
        return ServerProperty.builder()
                .origin(origin)
                .rpId(host)
                .challenge(new DefaultChallenge(challenge))
                .build();
    }
}
