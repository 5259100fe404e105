// SPDX-License-Identifier: MIT

/** No rule between rows: what stands below a first line is in brackets. */
export const noRules = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
