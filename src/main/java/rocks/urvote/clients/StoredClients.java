package rocks.urvote.clients;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.toMap;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.clients.Client.Theme;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Id;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

/// The rows of every client.
@Repository
class StoredClients implements Clients {

    private static final String SELECT = """
        select id, slug, name, name_key, tagline, about, website_url, contact_email,
               theme ->> 'brand' as brand, theme ->> 'accent' as accent
          from clients
        """;

    private final JdbcClient db;

    StoredClients(JdbcClient db) {
        this.db = db;
    }

    @Override
    public Optional<Client> find(ClientId client) {
        return select("""
             where id = :client
            """).param("client", client).query(StoredClients::client).optional();
    }

    @Override
    public Optional<Client> withSlug(String slug) {
        if (!Slug.wellFormed(slug)) {
            return Optional.empty();
        }
        return select("""
             where slug = :slug
            """).param("slug", slug).query(StoredClients::client).optional();
    }

    @Override
    public Map<ClientId, Client> find(Collection<ClientId> clients) {
        if (clients.isEmpty()) {
            return Map.of();
        }
        return select("""
             where id in (:clients)
            """)
                .param("clients", clients.stream().map(Id::value).toList())
                .query(StoredClients::client)
                .list()
                .stream()
                .collect(toMap(Client::id, client -> client));
    }

    @Override
    public List<Client> all() {
        return select("""
             order by name_key
            """).query(StoredClients::client).list();
    }

    /// Part of the same list.
    Slice<Client> list(Window window) {
        var rows = select("""
             where :after::text is null or name_key > :after
             order by name_key
             limit :rows
            """)
                .param("after", window.after())
                .param("rows", window.rows())
                .query((row, number) -> new Placed(row.getString("name_key"), client(row, number)))
                .list();
        return Slice.of(rows, window, Placed::nameKey).map(Placed::client);
    }

    /// The client, kept as it is by whoever asks until their transaction ends.
    Client lock(ClientId client) {
        return select("""
             where id = :client
               for no key update
            """).param("client", client).query(StoredClients::client).single();
    }

    /// The same client by name, without regard to case and blanks.
    Optional<Client> named(String name) {
        return select("""
             where name_key = contest.name_key(:name)
            """).param("name", name).query(StoredClients::client).optional();
    }

    /// Adds a client unless there is one of this slug or name already.
    Optional<Client> add(Brand brand) {
        return saying(brand, db.sql("""
            insert into clients (slug, name, tagline, about, website_url, contact_email, theme)
            values (:slug, :name, :tagline, :about, :websiteUrl, :contactEmail,
                    jsonb_build_object('brand', :brand::text, 'accent', :accent::text))
                on conflict do nothing
            returning id
            """))
                .query((row, _) -> new ClientId(row.getLong(1)))
                .optional()
                .flatMap(this::find);
    }

    /// Writes a client as it now is, unless another has its slug or name; then the transaction is lost.
    boolean change(ClientId client, Brand brand) {
        try {
            saying(brand, db.sql("""
                update clients
                   set slug = :slug, name = :name, tagline = :tagline, about = :about,
                       website_url = :websiteUrl, contact_email = :contactEmail,
                       theme = jsonb_build_object('brand', :brand::text, 'accent', :accent::text)
                 where id = :client
                """)).param("client", client).update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    private static JdbcClient.StatementSpec saying(Brand brand, JdbcClient.StatementSpec statement) {
        return statement
                .param("slug", brand.slug())
                .param("name", brand.name())
                .param("tagline", brand.tagline())
                .param("about", brand.about())
                .param("websiteUrl", brand.websiteUrl())
                .param("contactEmail", brand.contactEmail())
                .param("brand", brand.theme().brand())
                .param("accent", brand.theme().accent());
    }

    private JdbcClient.StatementSpec select(String which) {
        return db.sql(SELECT + which);
    }

    /// A client and its place in a list.
    private record Placed(String nameKey, Client client) {}

    private static Client client(ResultSet row, int number) throws SQLException {
        return new Client(
                new ClientId(row.getLong("id")),
                row.getString("slug"),
                row.getString("name"),
                row.getString("tagline"),
                row.getString("about"),
                row.getString("website_url"),
                row.getString("contact_email"),
                new Theme(
                        requireNonNullElse(row.getString("brand"), Theme.DEFAULT.brand()),
                        requireNonNullElse(row.getString("accent"), Theme.DEFAULT.accent())));
    }
}
