// SPDX-License-Identifier: MIT
import { testHalf } from './half.ts';

testHalf(0);
