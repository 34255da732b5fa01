// segments
