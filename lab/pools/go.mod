module github.com/spadego/spade/lab/pools

go 1.26.0

require (
	github.com/bytedance/gopkg v0.1.4
	github.com/panjf2000/ants/v2 v2.12.1
	github.com/spadego/spade v0.0.0
)

require golang.org/x/sync v0.24.0 // indirect

replace github.com/spadego/spade => ../..
