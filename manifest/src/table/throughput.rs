use serde::{Deserialize, Serialize};

/// How requests are paid for, and how many a second there can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Throughput {
    /// Each request is paid for.
    OnDemand {
        /// Read request units a second at most.
        #[serde(rename = "max-reads", default, skip_serializing_if = "Option::is_none")]
        max_reads: Option<u32>,
        /// Write request units a second at most.
        #[serde(rename = "max-writes", default, skip_serializing_if = "Option::is_none")]
        max_writes: Option<u32>,
    },
    /// Capacity is reserved and paid for, used or not.
    Provisioned {
        /// Read capacity units.
        reads: Capacity,
        /// Write capacity units.
        writes: Capacity,
    },
}

impl Throughput {
    /// On demand, without a limit of one's own.
    pub const ON_DEMAND: Self = Self::OnDemand { max_reads: None, max_writes: None };
}

impl Default for Throughput {
    fn default() -> Self {
        Self::ON_DEMAND
    }
}

/// Reserved capacity, in units a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// Always the same.
    Fixed(u32),
    /// As much as the load needs.
    Scaled {
        /// Never less, and what a new table begins with.
        min: u32,
        /// Never more.
        max: u32,
        /// How much of it should be in use, in percent.
        target: u32,
    },
}

impl Capacity {
    /// What a new table has.
    pub const fn initial(self) -> u32 {
        match self {
            Self::Fixed(units) => units,
            Self::Scaled { min, .. } => min,
        }
    }
}
