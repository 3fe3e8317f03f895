package rocks.urvote.identity;

import org.springframework.stereotype.Component;

/// Who must have a second factor, and who has none yet though they must.
@Component
class TwoFactor {

    private final TwoFactorSettings settings;
    private final SecondFactors factors;
    private final Duties duties;

    TwoFactor(TwoFactorSettings settings, SecondFactors factors, Duties duties) {
        this.settings = settings;
        this.factors = factors;
        this.duties = duties;
    }

    boolean mustHave(User user) {
        return (settings.admins() && user.isAdmin()) || (settings.owners() && duties.ownsAClient(user.id()));
    }

    /// They may do nothing else before they have set one up.
    boolean mustSetUp(User user) {
        return mustHave(user) && factors.of(user.id()).isEmpty();
    }
}
