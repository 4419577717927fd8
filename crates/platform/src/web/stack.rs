//! Middleware without copies. axum clones all services of a route for each request, and each layer of
//! `axum::middleware` clones again what it wraps, so that their cost grows with the square of their number. Here, the
//! layers of a route are one shared value.

use std::{
    convert::Infallible,
    fmt,
    future::Future,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{Router, extract::Request, response::Response, routing::Route};
use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Map},
};
use tower::{Service, layer::layer_fn};

type Answer = Arc<dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync>;

/// Wraps what is further in.
type Wrap = Arc<dyn Fn(Answer) -> Answer + Send + Sync>;

/// The layers further in, and the route.
#[derive(Clone)]
pub struct Next(Answer);

impl Next {
    /// Answers the request.
    pub fn run(self, request: Request) -> BoxFuture<'static, Response> {
        (self.0)(request)
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").finish_non_exhaustive()
    }
}

/// The layers around the routes of a router, from the inside out.
#[derive(Clone, Default)]
pub struct Stack(Vec<Wrap>);

impl Stack {
    /// Adds a layer around those added before.
    #[must_use]
    pub fn with<M, F>(mut self, middleware: M) -> Self
    where
        M: Fn(Request, Next) -> F + Send + Sync + 'static,
        F: Future<Output = Response> + Send + 'static,
    {
        let middleware = Arc::new(middleware);
        self.0.push(Arc::new(move |inner: Answer| -> Answer {
            let middleware = Arc::clone(&middleware);
            Arc::new(move |request| Box::pin(middleware(request, Next(Arc::clone(&inner)))))
        }));
        self
    }

    /// Adds a layer with a state around those added before. All requests share the state.
    #[must_use]
    pub fn with_state<T, M, F>(self, state: impl Into<Arc<T>>, middleware: M) -> Self
    where
        T: Send + Sync + 'static,
        M: Fn(Arc<T>, Request, Next) -> F + Send + Sync + 'static,
        F: Future<Output = Response> + Send + 'static,
    {
        let state = state.into();
        self.with(move |request, next| middleware(Arc::clone(&state), request, next))
    }

    /// Wraps the routes of `router` and its fallback.
    pub fn around<S: Clone + Send + Sync + 'static>(self, router: Router<S>) -> Router<S> {
        router.layer(layer_fn(move |route: Route| {
            let wrap = |inner, wrap: &Wrap| wrap(inner);
            Layered(self.0.iter().fold(answer_of(route), wrap))
        }))
    }
}

impl fmt::Debug for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stack").field("layers", &self.0.len()).finish()
    }
}

fn answer_of(route: Route) -> Answer {
    Arc::new(move |request| {
        let answer = route.clone().call(request);
        Box::pin(answer.map(|answer| match answer {
            Ok(response) => response,
            Err(never) => match never {},
        }))
    })
}

/// A route with its layers. A clone shares them.
#[derive(Clone)]
struct Layered(Answer);

impl Service<Request> for Layered {
    type Response = Response;
    type Error = Infallible;
    type Future = Map<BoxFuture<'static, Response>, fn(Response) -> Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let ok: fn(Response) -> Result<Response, Infallible> = Ok;
        (self.0)(request).map(ok)
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, body::to_bytes, routing::get};
    use tower::ServiceExt as _;

    use super::*;

    async fn answer(router: Router, path: &str) -> String {
        let request = Request::builder().uri(path).body(Body::empty());
        let answer = router.oneshot(request.expect("a request")).await;
        let body = answer.expect("an answer").into_body();
        let body = to_bytes(body, 1000).await.expect("a body");
        String::from_utf8_lossy(&body).into_owned()
    }

    async fn add(word: Arc<String>, request: Request, next: Next) -> Response {
        let inner = next.run(request).await.into_body();
        let inner = to_bytes(inner, 1000).await.expect("a body");
        Response::new(format!("{word} {}", String::from_utf8_lossy(&inner)).into())
    }

    #[tokio::test]
    async fn layers_wrap_routes_and_the_fallback_from_the_inside_out() {
        let router = Router::new().route("/", get(async || "route")).fallback(async || "fallback");
        let stack = Stack::default()
            .with_state("inner".to_owned(), add)
            .with_state("outer".to_owned(), add);
        let router = stack.around(router);
        assert_eq!(answer(router.clone(), "/").await, "outer inner route");
        assert_eq!(answer(router, "/else").await, "outer inner fallback");
    }

    #[tokio::test]
    async fn a_request_copies_no_state() {
        #[derive(Debug)]
        struct NotCloneable(&'static str);
        async fn name(state: Arc<NotCloneable>, _: Request, _: Next) -> Response {
            Response::new(state.0.into())
        }
        let router = Router::new().route("/", get(async || "route"));
        let router = Stack::default().with_state(NotCloneable("shared"), name).around(router);
        assert_eq!(answer(router, "/").await, "shared");
    }
}
