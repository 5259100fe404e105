// SPDX-License-Identifier: MIT
import { testPart } from './part.ts';

testPart(4);
