//! The response to an incident: roles, promises of a next update, and the share that is affected.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

#[cfg(feature = "schema")]
use crate::limits;
use crate::text::Name;

/// How many promises of a next update were kept, and how many broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Promises {
    /// The next update came at or before the promised time.
    pub kept: u32,
    /// The next update came later, or is overdue.
    pub broken: u32,
}

/// Who communicates and who fixes during an incident: role names or initials. Internal, never published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Roles {
    /// Who keeps people informed.
    pub communications: Option<Name>,
    /// Who works on the fix: at most 20.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::RESPONDERS)))]
    pub responders: Vec<Name>,
}

/// The share that is affected, such as 40 % of check-ins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Affected {
    /// The share, from 0 to 1.
    pub share: Share,
    /// What it is a share of, such as "of check-ins".
    pub basis: Name,
}

impl fmt::Display for Affected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.share, self.basis)
    }
}

/// A share from 0 to 1, rounded to a ten-thousandth. None but 0 becomes 0, and none but 1 becomes 1: few are not nobody, and most are not all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u16);

impl Share {
    const WHOLE: f64 = 10_000.0;
}

impl TryFrom<f64> for Share {
    type Error = &'static str;

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the value is from 0 to 10,000 and rounded"
    )]
    fn try_from(share: f64) -> Result<Self, &'static str> {
        if (0.0..=1.0).contains(&share) {
            let rounded = (share * Self::WHOLE).round();
            let open =
                if share > 0.0 && share < 1.0 { rounded.clamp(1.0, Self::WHOLE - 1.0) } else { rounded };
            Ok(Self(open as u16))
        } else {
            Err("a share is a number from 0 to 1, such as 0.4")
        }
    }
}

impl From<Share> for f64 {
    fn from(share: Share) -> Self {
        Self::from(share.0) / Share::WHOLE
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", Self::WHOLE.min(f64::from(self.0)) / 100.0)
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64((*self).into())
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(f64::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_number_from_0_to_1() {
        let share: Share = serde_json::from_str("0.4").unwrap();
        assert_eq!(serde_json::to_string(&share).unwrap(), "0.4");
        assert_eq!(share.to_string(), "40 %");
        let read = |json: &str| serde_json::from_str::<Share>(json).unwrap().to_string();
        assert_eq!(["0", "1"].map(read), ["0 %", "100 %"]);
        assert_eq!(["0.00001", "0.999999"].map(read), ["0.01 %", "99.99 %"], "few are not nobody");
        for bad in ["1.1", "-0.1", "\"40%\"", "null"] {
            assert!(serde_json::from_str::<Share>(bad).is_err(), "{bad}");
        }
    }
}
