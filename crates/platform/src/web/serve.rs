use std::{io, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::sync::CancellationToken;

/// Time a client has to send a request's head, also the first one.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// Connections at once; more wait in the listener's queue.
const CONNECTIONS: usize = 4_096;
/// Rest after the machine refused to open another connection.
const BREATHER: Duration = Duration::from_millis(100);

/// Answers HTTP/1.1 until `stop`, then takes no new connection and lets requests under way finish.
/// A client that stays silent is let go, so that it cannot hold a place for ever.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    while let Some(Some((stream, place))) = stop.run_until_cancelled(next(&listener, &places)).await
    {
        let service = TowerToHyperService::new(router.clone());
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT);
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // The other side went away: nothing to be done here.
            connection.await.ok();
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// The next connection that there is a place for.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are small: waiting to fill a packet only delays them.
                stream.set_nodelay(true).ok();
                return Some((stream, place));
            }
            Err(error) if is_of_one(&error) => {}
            Err(error) => {
                tracing::error!(%error, "cannot take connections");
                tokio::time::sleep(BREATHER).await;
            }
        }
    }
}

/// Whether only the connection failed, not the listener.
fn is_of_one(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::{Router, routing::get};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::{TcpListener, TcpStream},
        time::{sleep, timeout},
    };
    use tokio_util::sync::CancellationToken;

    async fn sends(bytes: &[u8]) -> (TcpStream, tokio::task::JoinHandle<()>, CancellationToken) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let slow = get(async || {
            sleep(Duration::from_millis(50)).await;
            "done"
        });
        let (router, stop) = (Router::new().route("/", slow), CancellationToken::new());
        let serving = tokio::spawn(super::serve(listener, router, stop.clone()));
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(bytes).await.expect("sent");
        (stream, serving, stop)
    }

    /// Time is made up: it jumps when nothing else can happen.
    #[tokio::test(start_paused = true)]
    async fn a_client_that_stays_silent_is_let_go() {
        for bytes in [&b""[..], b"GET / HTTP/1.1\r\nHo"] {
            let (mut stream, ..) = sends(bytes).await;
            let mut answer = Vec::new();
            let end = timeout(Duration::from_secs(60), stream.read_to_end(&mut answer));
            end.await.expect("an end").expect("read");
        }
    }

    #[tokio::test]
    async fn a_stop_lets_a_request_under_way_finish() {
        let (mut stream, serving, stop) = sends(b"GET / HTTP/1.1\r\nHost: hall\r\n\r\n").await;
        sleep(Duration::from_millis(10)).await;
        stop.cancel();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("read");
        assert!(answer.ends_with("done"), "{answer}");
        serving.await.expect("an end");
    }
}
