/// The origin of an action: the request, and the client's network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The request id, as in the response and in log lines.
    pub request_id: Option<String>,
    /// The client's network, never the whole address.
    pub ip_prefix: Option<String>,
}

tokio::task_local! {
    static ORIGIN: Origin;
}

impl Origin {
    /// Runs `work`; the actions it records have this origin.
    pub async fn scope<T>(self, work: impl Future<Output = T>) -> T {
        ORIGIN.scope(self, work).await
    }

    /// Returns the origin of the current task; empty outside of a request.
    pub(crate) fn of_this() -> Self {
        ORIGIN.try_with(Clone::clone).unwrap_or_default()
    }
}
