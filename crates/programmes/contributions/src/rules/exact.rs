use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::value::RawValue;

/// An exact decimal of an explanation. It is serialized as text, so that no reader rounds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exact(pub Decimal);

impl Exact {
    /// The factor that changes nothing.
    pub const ONE: Self = Self(Decimal::ONE);
    /// The factor that reduces to 0.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Multiplies by a factor; `None` on overflow.
    #[must_use]
    pub fn times(self, factor: Self) -> Option<Self> {
        self.0.checked_mul(factor.0).map(Self)
    }

    /// Rounds to whole points, halves away from zero; `None` on overflow.
    #[must_use]
    pub fn rounded(self) -> Option<i64> {
        let whole = self.0.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        i64::try_from(whole).ok()
    }
}

impl From<i64> for Exact {
    fn from(points: i64) -> Self {
        Self(Decimal::from(points))
    }
}

impl From<Multiplier> for Exact {
    fn from(multiplier: Multiplier) -> Self {
        Self(multiplier.0)
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.normalize().fmt(f)
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Decimal::from_str_exact(&text).map(Self).map_err(D::Error::custom)
    }
}

/// A factor of the rules document. In JSON, it is a number or a string; either way, its digits are parsed
/// as written, never as a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Multiplier(pub Decimal);

impl Multiplier {
    /// Creates `hundredths / 100`, which the defaults are written with.
    #[must_use]
    pub fn hundredths(hundredths: i64) -> Self {
        Self(Decimal::new(hundredths, 2))
    }

    fn read(text: &str) -> Result<Self, rust_decimal::Error> {
        Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).map(Self)
    }
}

impl Serialize for Multiplier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Exact(self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Multiplier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::read(raw.get().trim_matches('"')).map_err(D::Error::custom)
    }
}
