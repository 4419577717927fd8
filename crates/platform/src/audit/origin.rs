/// From where an act came: the request, and the network of whoever sent it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The request's id, as in its answer and in log lines.
    pub request_id: Option<String>,
    /// The network, never the whole address.
    pub ip_prefix: Option<String>,
}

tokio::task_local! {
    static ORIGIN: Origin;
}

impl Origin {
    /// Does `work` whose acts come from here.
    pub async fn scope<T>(self, work: impl Future<Output = T>) -> T {
        ORIGIN.scope(self, work).await
    }

    /// Of the act under way; nothing for what no request asked for.
    pub(crate) fn of_this() -> Self {
        ORIGIN.try_with(Clone::clone).unwrap_or_default()
    }
}
