//===- MlcControlFlow.td - Branches and loops --------------*- tablegen -*-===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLC_DIALECT_MLC_IR_MLCCONTROLFLOW_TD
#define MLC_DIALECT_MLC_IR_MLCCONTROLFLOW_TD

include "mlc/Dialect/Mlc/IR/MlcBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Mlc_IfOp : Mlc_Op<"if", [NoRegionArguments, RecursiveMemoryEffects, SingleBlock]> {
  let summary = "One of two regions";
  let description = [{
    Runs the first region when `condition` holds, else the second. What the region yields is the result. Regions
    capture what is defined outside.

    * C1: each region yields one tensor per result, of its element type and rank; a static dim of the result is
      that of both.

    ```mlir
    %r = mlc.if %c {
      mlc.yield %x : tensor<4xf32>
    } else {
      mlc.yield %y : tensor<?xf32>
    } : tensor<?xf32>
    ```
  }];
  let arguments = (ins I1:$condition);
  let results = (outs Variadic<Mlc_Tensor>:$results);
  let regions = (region SizedRegion<1>:$thenRegion, SizedRegion<1>:$elseRegion);
  let assemblyFormat = "$condition $thenRegion `else` $elseRegion attr-dict (`:` type($results)^)?";
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
  let moreDeclarations = [{
    /// What the regions yield.
    ::mlir::OperandRange getThenResults() { return getThenRegion().front().getTerminator()->getOperands(); }
    ::mlir::OperandRange getElseResults() { return getElseRegion().front().getTerminator()->getOperands(); }
  }];
}

def Mlc_LoopOp : Mlc_Op<"loop", [AttrSizedOperandSegments, RecursiveMemoryEffects, SingleBlock]> {
  let summary = "Repetition with carried and stacked tensors";
  let description = [{
    Runs the region while the condition holds, at most `trips` times when that is given. The region's arguments are the number of the iteration and the carried tensors, which are `inits` at first; it
    yields the condition for the next iteration, the carried tensors for it, and tensors to stack. The results are
    the carried tensors after the last iteration, then the stacks: one tensor per iteration along a new first axis.

    `varying` lists for each carried tensor the axes along which its size changes from iteration to iteration; all
    other sizes stay those of `inits`.

    * C1: `inits`, the region's arguments and what it yields agree in element type and rank; a static dim of an
      argument is that of the other two; `varying` has one list per carried tensor.
    * C2: the results after the carried ones are as what is yielded to be stacked, with a first axis more.

    ```mlir
    %r:2 = mlc.loop trips %n while %true (%x) varying = [array<i64>] {
    ^bb0(%i: index, %a: tensor<4xf32>):
      %b = mlc.add %a, %a : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      mlc.yield %true, %b, %b : i1, tensor<4xf32>, tensor<4xf32>
    } : (tensor<4xf32>) -> (tensor<4xf32>, tensor<?x4xf32>)
    ```
  }];
  let arguments = (ins Optional<Index>:$trips, I1:$condition, Variadic<Mlc_Tensor>:$inits,
                   TypedArrayAttrBase<DenseI64ArrayAttr, "a list of axes per carried tensor">:$varying);
  let results = (outs Variadic<Mlc_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    (`trips` $trips^)? `while` $condition `(` $inits `)` `varying` `=` $varying $body attr-dict
    `:` functional-type($inits, $results)
  }];
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
  let moreDeclarations = [{
    ::mlir::Value getIteration() { return getBody().getArgument(0); }
    ::mlir::Block::BlockArgListType getCarried() { return getBody().getArguments().drop_front(); }
    ::mlir::Value getNextCondition() { return getBody().front().getTerminator()->getOperand(0); }
    /// What is yielded to be carried on, and to be stacked.
    ::mlir::OperandRange getNextCarried() {
      return getBody().front().getTerminator()->getOperands().slice(1, getInits().size());
    }
    ::mlir::OperandRange getToStack() {
      return getBody().front().getTerminator()->getOperands().drop_front(1 + getInits().size());
    }
    ::mlir::ResultRange getCarriedResults() { return getResults().take_front(getInits().size()); }
    ::mlir::ResultRange getStacks() { return getResults().drop_front(getInits().size()); }
    /// Whether the size of a carried tensor along an axis may change.
    bool isVarying(unsigned carried, int64_t axis);
    /// Whether nothing but `trips` ends the loop.
    bool isCounted();
  }];
}

#endif // MLC_DIALECT_MLC_IR_MLCCONTROLFLOW_TD
