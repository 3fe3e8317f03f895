package rocks.urvote.web;

/// The parts of the administration, in the order of its navigation: a line here, and a page at that address whose
/// template is `web/Admin`, are all a new one needs.
public enum AdminPart {
    OVERVIEW("/admin", "Overview", "Where everything is."),
    CLIENTS("/admin/clients", "Clients", "The brands that hold contests here, their pages and their people.");

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
