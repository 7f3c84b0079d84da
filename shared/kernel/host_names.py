"""Import this before any thread, greenlet or fork: from then on host names can be looked up anywhere.

The codec of host names is looked up once, here. Otherwise Python loads it at the first look-up, and takes it for
unknown for good where that fails: a child that was forked while a thread of its parent was loading it reached nobody
any more, neither Redis nor AWS. That the module is imported is not enough: the child may have half of it.
"""

import codecs

codecs.lookup("idna")
