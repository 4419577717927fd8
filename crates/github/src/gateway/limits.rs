use platform::outside::Closed;

use super::ApiError;

pub(super) use platform::outside::Limits;

impl From<Closed> for ApiError {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Failing(wait) => {
                let wait = wait.as_secs();
                Self::Unavailable(format!("it failed repeatedly; the next request is in {wait} s"))
            }
            Closed::Limited(wait) => Self::Limited(wait),
        }
    }
}
