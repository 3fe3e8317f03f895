package rocks.urvote.web;

/// The parts of the administration, in the order of its navigation: a line here, and a page at that address whose
/// template is `web/Admin`, are all a new one needs.
public enum AdminPart {
    OVERVIEW("/admin", "Overview", "Where everything is."),
    USERS("/admin/users", "Users", "Everybody who has an account: find, lock, verify, appoint, sign out."),
    CLIENTS("/admin/clients", "Clients", "The brands that hold contests here, their pages and their people."),
    AUDIT("/admin/audit", "Audit log", "Who did what to whom, when and why; to search and to take along."),
    MAILS("/admin/mails", "Mails", "What could not be delivered yet, and trying it again."),
    SETTINGS("/admin/settings", "Settings", "What this node was told; secrets are not shown."),
    DATABASE("/admin/database", "Database", "How large it is, what it grows by, and what it is busy with."),
    CHORES("/admin/chores", "Chores", "What UrVote does by itself, and what became of it.");

    private final String path;
    private final String title;
    private final String about;

    AdminPart(String path, String title, String about) {
        this.path = path;
        this.title = title;
        this.about = about;
    }

    public String path() {
        return path;
    }

    public String title() {
        return title;
    }

    public String about() {
        return about;
    }
}
