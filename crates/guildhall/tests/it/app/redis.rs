//! A Redis server for one test, which can be stopped and restarted.

use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::net::TcpStream;

/// A running Redis server, killed when dropped.
pub(crate) struct Redis {
    program: PathBuf,
    directory: TempDir,
    port: u16,
    running: Child,
}

/// The program: `TEST_REDIS_SERVER`, or `redis-server` on `PATH`.
fn program() -> Option<PathBuf> {
    let named = std::env::var_os("TEST_REDIS_SERVER").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(&path)
        .flat_map(|folder| ["redis-server", "valkey-server"].map(|name| folder.join(name)))
        .filter(|program| program.is_file());
    named.or_else(|| found.next())
}

impl Redis {
    /// Starts an empty server.
    pub(crate) async fn start() -> Self {
        let program = program().expect("Redis: apt-get install redis-server");
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let directory = TempDir::new().expect("a directory");
        let running = run(&program, &directory, port);
        let redis = Self { program, directory, port, running };
        redis.answers().await;
        redis
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Kills it without warning, like a power failure.
    pub(crate) fn kill(&mut self) {
        self.running.kill().expect("killed");
        self.running.wait().expect("ended");
    }

    /// Starts it again, empty.
    pub(crate) async fn back(&mut self) {
        self.running = run(&self.program, &self.directory, self.port);
        self.answers().await;
    }

    /// Pauses or resumes its process: while paused it accepts connections and answers nothing.
    pub(crate) fn hang(&self, hangs: bool) {
        let signal = if hangs { "-STOP" } else { "-CONT" };
        let id = self.running.id().to_string();
        let status = Command::new("kill").args([signal, &id]).status();
        assert!(status.expect("kill").success(), "the signal was not sent");
    }

    pub(crate) async fn run(&self, command: &[&str]) -> String {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await;
        let mut stream = stream.expect("a connection");
        let line = format!("{}\r\n", command.join(" "));
        stream.write_all(line.as_bytes()).await.expect("sent");
        let mut answer = vec![0; 4096];
        let length = stream.read(&mut answer).await.expect("an answer");
        String::from_utf8_lossy(&answer[..length]).into_owned()
    }

    async fn answers(&self) {
        for _ in 0..1_000 {
            if TcpStream::connect(("127.0.0.1", self.port)).await.is_ok()
                && self.run(&["PING"]).await.starts_with("+PONG")
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("Redis does not answer within ten seconds");
    }
}

fn run(program: &PathBuf, directory: &TempDir, port: u16) -> Child {
    Command::new(program)
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
        .current_dir(directory.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("Redis")
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.running.kill().ok();
        self.running.wait().ok();
    }
}
