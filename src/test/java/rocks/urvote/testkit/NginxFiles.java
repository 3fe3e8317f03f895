package rocks.urvote.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a test's own nginx begins with.
public final class NginxFiles {

    private NginxFiles() {}

    /// A main file that includes `urvote.conf` of its folder and writes nowhere else.
    public static Path main(Path folder) throws IOException {
        return Files.writeString(folder.resolve("nginx.conf"), """
            %s
            daemon off;
            worker_processes 1;
            pid %2$s/pid;
            error_log %2$s/error.log;
            events { worker_connections 4096; }
            http {
                access_log off;
                client_body_temp_path %2$s/body;
                proxy_temp_path %2$s/proxy;
                fastcgi_temp_path %2$s/fastcgi;
                uwsgi_temp_path %2$s/uwsgi;
                scgi_temp_path %2$s/scgi;
                include %2$s/urvote.conf;
            }
            """.formatted(
                        System.getProperty("user.name").equals("root") ? "user root;" : "", folder));
    }
}
